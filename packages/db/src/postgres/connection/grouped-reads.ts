import { RegistryError } from '@mcr/core';
import { retryAfterMs } from './errors.ts';

/** Reads under way at once in this process: more of them only wait for each other in the database. */
const maxInFlight = 2;
/** Keys of one kind that one statement looks up: their manifests may be of 4 MiB each. */
const maxKeys = 64;
/** Reads that wait, at most; beyond that the database is too slow for what clients ask. */
const maxWaiting = 10_000;

/** Looks up many keys with one statement; the results are in the order of the keys. */
export type LookUp<Key, Result> = (keys: readonly Key[]) => Promise<readonly Result[]>;

interface Waiting {
  readonly key: unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads of one turn of the event loop become one statement, which begins after their requests have arrived: what it reads is never
 * stale, unlike a cache, and the load on the database is bounded.
 */
export class GroupedReads {
  readonly #waiting = new Map<LookUp<never, unknown>, Waiting[]>();
  #count = 0;
  #inFlight = 0;
  #isScheduled = false;

  /** Looks up one key together with others. Rejects with what the statement rejects with. */
  async read<Key, Result>(lookUp: LookUp<Key, Result>, key: Key): Promise<Result> {
    if (this.#count >= maxWaiting) {
      throw new RegistryError('UNAVAILABLE', 'The database is too slow for what is asked of it; try again', {
        retryAfterMs,
      });
    }
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const group = this.#waiting.get(lookUp) ?? [];
    this.#waiting.set(lookUp, group);
    group.push({ key, resolve, reject });
    this.#count += 1;
    this.#schedule();
    return (await promise) as Result;
  }

  #schedule(): void {
    if (this.#isScheduled || this.#count === 0 || this.#inFlight >= maxInFlight) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#start();
    });
  }

  /** Starts a group of each kind that waits, the one that has waited longest first, while there is room. */
  #start(): void {
    for (const [lookUp, group] of this.#waiting) {
      if (this.#inFlight >= maxInFlight) return;
      const part = group.splice(0, maxKeys);
      this.#waiting.delete(lookUp);
      if (group.length > 0) this.#waiting.set(lookUp, group);
      this.#count -= part.length;
      void this.#run(lookUp, part);
    }
    this.#schedule();
  }

  async #run(lookUp: LookUp<never, unknown>, group: readonly Waiting[]): Promise<void> {
    this.#inFlight += 1;
    try {
      const results = await lookUp(group.map(({ key }) => key as never));
      for (const [at, { resolve }] of group.entries()) resolve(results[at]);
    } catch (error) {
      for (const { reject } of group) reject(error);
    } finally {
      this.#inFlight -= 1;
      this.#schedule();
    }
  }
}
