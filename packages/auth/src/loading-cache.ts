import type { Clock } from '@mcr/core';
import { LRUCache } from 'lru-cache';

/** A value and when it stops being good, milliseconds since the epoch. One whose time has come is not kept at all. */
export interface Loaded<T> {
  readonly value: T;
  readonly until: number;
}

/** What a {@link LoadingCache} is made of. */
export interface LoadingCacheOptions {
  readonly clock: Clock;
  /** When full, the value that was used least recently goes. */
  readonly maxEntries: number;
}

/**
 * Values that expire, loaded on demand. Concurrent loads of one key are one. Failures are not kept, so that the next
 * caller tries again. Without timers: expired values go when they are asked for and when others come.
 */
export class LoadingCache<T> {
  readonly #clock: Clock;
  /** Holds what is loaded and not, as its own `fetch` would, what is loading: that would push loaded values out. */
  readonly #entries: LRUCache<string, Loaded<T>>;
  readonly #loads = new Map<string, Promise<Loaded<T>>>();

  constructor({ clock, maxEntries }: LoadingCacheOptions) {
    this.#clock = clock;
    this.#entries = new LRUCache({ max: maxEntries });
  }

  /** How many values are held, expired ones included. */
  get size(): number {
    return this.#entries.size;
  }

  /** The kept value, if there is one. */
  peek(key: string): T | undefined {
    const entry = this.#entries.peek(key);
    return entry !== undefined && this.#isGood(entry) ? entry.value : undefined;
  }

  /** The kept value, or what `load` gives. Rejects as `load` does. */
  async get(key: string, load: () => Promise<Loaded<T>>): Promise<T> {
    const entry = this.#entries.get(key);
    if (entry !== undefined && this.#isGood(entry)) return entry.value;
    this.#entries.delete(key);
    const running = this.#loads.get(key);
    return running === undefined ? this.#load(key, load()) : (await running).value;
  }

  /** Forgets a key. A load under way still answers those who wait for it, but what it gives is not kept. */
  delete(key: string): void {
    this.#entries.delete(key);
    this.#loads.delete(key);
  }

  /** Forgets everything, as {@link delete} does. */
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
