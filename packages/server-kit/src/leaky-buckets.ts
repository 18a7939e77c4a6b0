import type { Clock } from '@mcr/core';
import { LRUCache } from 'lru-cache';

/**
 * A cache by the keys of strangers, which forgets what was set or read longest ago when it holds `maxSize` (default of what an entry
 * counts: 1); `peek` reads without making an entry recent. It takes memory as it fills: lru-cache's own `max` takes the tables of all
 * entries, 28 bytes each, when it is made.
 */
export function growingCache<Value extends object | number | true>(
  maxSize: number,
  sizeOf: (value: Value) => number = () => 1,
): LRUCache<string, Value> {
  return new LRUCache({ maxSize, sizeCalculation: sizeOf });
}

/** The size of a bucket, and how fast it empties. */
export interface BucketOptions {
  /** The maximum burst. */
  readonly capacity: number;
  /** Milliseconds until one unit leaks out. */
  readonly leakMs: number;
  /** Maximum number of buckets, about 160 bytes each; the one that was filled longest ago is evicted first. */
  readonly maxBuckets: number;
}

interface Level {
  readonly level: number;
  readonly at: number;
}

/** Counts events by key; each is forgotten after its time, so that there are no windows to wait for. */
export class LeakyBuckets {
  readonly #clock: Clock;
  readonly #capacity: number;
  readonly #leakMs: number;
  /** Read with `peek`: only what is added makes a bucket recent. */
  readonly #buckets: LRUCache<string, Level>;

  constructor(clock: Clock, { capacity, leakMs, maxBuckets }: BucketOptions) {
    this.#clock = clock;
    this.#capacity = capacity;
    this.#leakMs = leakMs;
    this.#buckets = growingCache(maxBuckets);
  }

  /** Number of buckets in memory. */
  get size(): number {
    return this.#buckets.size;
  }

  /**
   * Milliseconds until one more event fits, 0 if it fits now; `extra` is what this caller may exceed the capacity by.
   */
  wait(key: string, extra = 0): number {
    return Math.max(0, Math.ceil((this.#levelOf(key) + 1 - this.#capacity - extra) * this.#leakMs));
  }

  add(key: string): void {
    this.#buckets.set(key, { level: this.#levelOf(key) + 1, at: this.#clock.now() });
  }

  /** Nothing leaks while the clock is set back. */
  #levelOf(key: string): number {
    const bucket = this.#buckets.peek(key);
    if (bucket === undefined) return 0;
    const leaked = Math.max(0, this.#clock.now() - bucket.at) / this.#leakMs;
    return Math.max(0, bucket.level - leaked);
  }
}
