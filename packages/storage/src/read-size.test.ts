import { describe, expect, test } from 'vitest';
import { readSizeFor } from './read-size.ts';

const kibibyte = 1024;

describe('what a download reads at a time', () => {
  test.each([
    [1, 256],
    [50, 256],
    [128, 256],
    [256, 128],
    [1_024, 32],
    [2_048, 16],
    [100_000, 16],
  ])('as one of %i it is %i KiB', (count, expected) => {
    expect(readSizeFor(count)).toBe(expected * kibibyte);
  });

  test('thousands of slow clients hold no more than half a gigabyte together', () => {
    let held = 0;
    for (let count = 1; count <= 8_192; count += 1) held += 2 * readSizeFor(count);
    expect(held).toBeLessThan(512 * kibibyte * kibibyte);
  });
});
