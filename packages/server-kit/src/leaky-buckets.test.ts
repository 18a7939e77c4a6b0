import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LeakyBuckets } from './leaky-buckets.ts';

/** A clock that stands still until it is moved. */
class ManualClock {
  #now = Date.UTC(2030, 0, 1);

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}

function setUp(maxBuckets = 10) {
  const clock = new ManualClock();
  return { clock, buckets: new LeakyBuckets(clock, { capacity: 3, leakMs: 1_000, maxBuckets }) };
}

describe('LeakyBuckets', () => {
  test('accepts what fits, and more as the bucket leaks', () => {
    const { clock, buckets } = setUp();
    const waits = Array.from({ length: 4 }, () => {
      buckets.add('a');
      return buckets.wait('a');
    });
    expect(waits).toEqual([0, 0, 1_000, 2_000]);
    clock.advance(1_500);
    expect(buckets.wait('a')).toBe(500);
    clock.advance(500);
    expect(buckets.wait('a')).toBe(0);
    expect(buckets.wait('b')).toBe(0);
  });

  test('allows extra beyond the capacity to callers that may overdraw', () => {
    const { buckets } = setUp();
    for (let at = 0; at < 4; at += 1) buckets.add('a');
    expect([buckets.wait('a', 1), buckets.wait('a', 2)]).toEqual([1_000, 0]);
  });

  test('leaks nothing while the clock is set back', () => {
    const { clock, buckets } = setUp();
    for (let at = 0; at < 3; at += 1) buckets.add('a');
    clock.advance(-3_600_000);
    expect(buckets.wait('a')).toBe(1_000);
  });

  test('keeps no more than it may, those that were filled last, however often others are asked for', () => {
    const { buckets } = setUp(3);
    for (let n = 0; n < 4; n += 1) buckets.add('asked for');
    expect(buckets.wait('asked for')).toBe(2_000);
    for (let at = 0; at < 1_000; at += 1) {
      buckets.wait('asked for');
      buckets.add('often');
      buckets.add(`once ${at}`);
    }
    expect([buckets.size, buckets.wait('asked for')]).toEqual([3, 0]);
    expect(buckets.wait('often')).toBe(998_000);
  });

  test('keeps a bucket that is filled again', () => {
    const { buckets } = setUp(2);
    for (const key of ['a', 'a', 'a', 'b', 'a', 'c']) buckets.add(key);
    expect(buckets.size).toBe(2);
    expect(buckets.wait('a')).toBe(2_000);
  });

  test('accepts events after the wait that it returned, and never more than capacity and leak allow', () => {
    const pauses = fc.array(fc.nat({ max: 3_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(pauses, (steps) => {
        const { clock, buckets } = setUp();
        const began = clock.now();
        let taken = 0;
        for (const pause of steps) {
          clock.advance(pause);
          const wait = buckets.wait('a');
          if (wait > 0) clock.advance(wait);
          expect(buckets.wait('a')).toBe(0);
          buckets.add('a');
          taken += 1;
          expect(taken).toBeLessThanOrEqual(3 + (clock.now() - began) / 1_000);
        }
      }),
    );
  });
});
