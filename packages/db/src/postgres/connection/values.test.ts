import { expect, test } from 'vitest';
import { encodeValue, jsonb } from './values.ts';

test.each([
  ['a\0b', 'a\ufffdb'],
  [
    ['a\0', 'b'],
    ['a\ufffd', 'b'],
  ],
  [undefined, null],
  [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  [Number.MAX_VALUE, '9223372036854775807'],
  [Number.NEGATIVE_INFINITY, '-9223372036854775808'],
  [1.5, 1.5],
])('%j is sent as %j', (value, sent) => {
  expect(encodeValue(value)).toEqual(sent);
});

test.each([
  [{ a: 'b' }, '{"a":"b"}'],
  [{ a: ['b\0c'] }, '{"a":["b\ufffdc"]}'],
  [{ a: '\ud800' }, '{"a":"\ufffd"}'],
  [{ a: '\\u0000' }, '{"a":"\\\\u0000"}'],
])('%j is the jsonb %s', (value, text) => {
  expect(jsonb(value)).toBe(text);
});
