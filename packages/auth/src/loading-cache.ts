import type { Clock } from '@mcr/core';
import { LRUCache } from 'lru-cache';

/** A value and its expiry, milliseconds since the epoch. A value that has already expired is not cached. */
export interface Loaded<T> {
  readonly value: T;
  readonly until: number;
}

/** Options of a {@link LoadingCache}. */
export interface LoadingCacheOptions {
  readonly clock: Clock;
  /** Maximum number of values; the least recently used one is evicted. */
  readonly maxEntries: number;
}

/**
 * A cache of expiring values that are loaded on demand. Concurrent loads of one key share one call. Failures are not
 * cached, so that the next caller retries. It has no timers: expired values are removed on access and when others are
 * added.
 */
export class LoadingCache<T> {
  readonly #clock: Clock;
  /** Loaded values only: with its own `fetch`, pending loads would evict them. */
  readonly #entries: LRUCache<string, Loaded<T>>;
  readonly #loads = new Map<string, Promise<Loaded<T>>>();

  constructor({ clock, maxEntries }: LoadingCacheOptions) {
    this.#clock = clock;
    this.#entries = new LRUCache({ max: maxEntries });
  }

  /** Number of cached values, including expired ones. */
  get size(): number {
    return this.#entries.size;
  }

  /** Returns the cached value, if there is one. */
  peek(key: string): T | undefined {
    const entry = this.#entries.peek(key);
    return entry !== undefined && this.#isGood(entry) ? entry.value : undefined;
  }

  /** Returns the cached value, or the result of `load`. Rejects as `load` does. */
  async get(key: string, load: () => Promise<Loaded<T>>): Promise<T> {
    const entry = this.#entries.get(key);
    if (entry !== undefined && this.#isGood(entry)) return entry.value;
    this.#entries.delete(key);
    const running = this.#loads.get(key);
    return running === undefined ? this.#load(key, load()) : (await running).value;
  }

  /** Removes a key. Callers that wait for a load in progress still get its result, but it is not cached. */
  delete(key: string): void {
    this.#entries.delete(key);
    this.#loads.delete(key);
  }

  /** Removes everything, as {@link delete} does. */
  clear(): void {
    this.#entries.clear();
    this.#loads.clear();
  }

  async #load(key: string, loading: Promise<Loaded<T>>): Promise<T> {
    this.#loads.set(key, loading);
    try {
      const loaded = await loading;
      if (this.#loads.get(key) === loading) this.#keep(key, loaded);
      return loaded.value;
    } finally {
      if (this.#loads.get(key) === loading) this.#loads.delete(key);
    }
  }

  #keep(key: string, entry: Loaded<T>): void {
    if (!this.#isGood(entry)) return;
    this.#entries.set(key, entry);
    for (const oldest of this.#entries.rkeys()) {
      if (this.peek(oldest) !== undefined) break;
      this.#entries.delete(oldest);
    }
  }

  #isGood(entry: Loaded<T>): boolean {
    return this.#clock.now() < entry.until;
  }
}
