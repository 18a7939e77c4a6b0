import { expect, test } from 'vitest';
import { percentilesOf } from './latencies.ts';

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => count - i);

test.each([
  ['one time', [7], [7, 7, 7]],
  ['two times', [2, 1], [1, 2, 2]],
  ['a hundred times', upTo(100), [50, 95, 99]],
  ['a thousand times', upTo(1_000), [500, 950, 990]],
])('percentiles of %s are times that so many kept', (_case, times, expected) => {
  expect(Object.values(percentilesOf('pull', times))).toEqual(expected);
});

test('percentiles are named after what was done', () => {
  expect(Object.keys(percentilesOf('pull', [1]))).toEqual(['pull p50 ms', 'pull p95 ms', 'pull p99 ms']);
});
