import type { Clock } from '@mcr/core';
import type { LRUCache } from 'lru-cache';
import { growingCache } from './growing-cache.ts';

/** How much goes into a bucket, and how fast it empties. */
export interface BucketOptions {
  /** So much may come at once. */
  readonly capacity: number;
  /** Milliseconds in which one leaks out. */
  readonly leakMs: number;
  /** Buckets that are kept, about 160 bytes each; the one that was filled longest ago goes first. */
  readonly maxBuckets: number;
}

interface Level {
  readonly level: number;
  readonly at: number;
}

/** Counts events by key, each of which is forgotten after its time: a limit that has no windows to wait for. */
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

  /** Buckets that are kept now. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Milliseconds until one more fits, 0 when it does now; `extra` more than the capacity fit for whoever may overdraw. */
  wait(key: string, extra = 0): number {
    return Math.max(0, Math.ceil((this.#levelOf(key) + 1 - this.#capacity - extra) * this.#leakMs));
  }

  add(key: string): void {
    this.#buckets.set(key, { level: this.#levelOf(key) + 1, at: this.#clock.now() });
  }

  /** A clock that was set back leaks nothing. */
  #levelOf(key: string): number {
    const bucket = this.#buckets.peek(key);
    if (bucket === undefined) return 0;
    const leaked = Math.max(0, this.#clock.now() - bucket.at) / this.#leakMs;
    return Math.max(0, bucket.level - leaked);
  }
}
