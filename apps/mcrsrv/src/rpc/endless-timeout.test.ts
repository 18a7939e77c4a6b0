import { expect, test } from 'vitest';
import { dropEndlessTimeout } from './endless-timeout.ts';

const longest = 2 ** 31 - 1;

test.each([
  ['grpc-timeout', '5S', true],
  ['grpc-timeout', '99999999n', true],
  ['grpc-timeout', '596H', true],
  ['grpc-timeout', '597H', false],
  ['grpc-timeout', '99999999H', false],
  ['grpc-timeout', '99999999S', false],
  ['grpc-timeout', '999999999H', true],
  ['grpc-timeout', 'soon', true],
  ['connect-timeout-ms', String(longest), true],
  ['connect-timeout-ms', String(longest + 1), false],
  ['connect-timeout-ms', '99999999999', true],
  ['connect-timeout-ms', '-1', true],
])('%s: %s is kept: %s', (name, value, isKept) => {
  const headers = { [name]: value, other: 'x' };
  dropEndlessTimeout(headers);
  expect(headers).toEqual(isKept ? { [name]: value, other: 'x' } : { other: 'x' });
});
