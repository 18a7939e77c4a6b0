import { create } from '@bufbuild/protobuf';
import { TimestampSchema, timestampMs } from '@bufbuild/protobuf/wkt';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { int64, milliseconds, nonEmpty, ruleId, timestamp } from './convert.ts';

const times = fc.integer({ min: 0, max: 253_402_300_799_999 });

test('a time goes there and back', () => {
  fc.assert(
    fc.property(times, (ms) => {
      expect(milliseconds(timestamp(ms))).toBe(ms);
      expect(timestampMs(timestamp(ms))).toBe(ms);
    }),
  );
  expect(timestamp(undefined)).toBeUndefined();
});

test.each([
  [0, 7_000],
  [1, 7_001],
  [1_000_000, 7_001],
  [1_000_001, 7_002],
  [999_999_999, 8_000],
])('7 s and %i ns bound like %i ms', (nanos, ms) => {
  expect(milliseconds(create(TimestampSchema, { seconds: 7n, nanos }))).toBe(ms);
});

test.each([1n, 7n, BigInt(Number.MAX_SAFE_INTEGER)])('%s is the id of a rule', (id) => {
  expect(int64(ruleId(id))).toBe(id);
});

test.each([0n, -1n, BigInt(Number.MAX_SAFE_INTEGER) + 1n, 2n ** 63n - 1n, -(2n ** 63n)])('%s is none', (id) => {
  expect(() => ruleId(id)).toThrow(expect.objectContaining({ code: 'PARAMETER_INVALID' }));
});

test('an empty text is an absent one', () => {
  expect(nonEmpty('')).toBeUndefined();
  expect(nonEmpty('a')).toBe('a');
});
