import { expect, test } from 'vitest';
import { count } from './format.ts';

test.each<[number | bigint, string]>([
  [0, '0'],
  [999, '999'],
  [999n, '999'],
  [1_000, '1,000'],
  [1_234_567n, '1,234,567'],
  [-1, '-1'],
])('the count %s is written %s', (n, written) => {
  expect(count(n)).toBe(written);
});
