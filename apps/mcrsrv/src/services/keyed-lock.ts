import pLimit, { type LimitFunction } from 'p-limit';

/** Runs tasks of one key after each other, and tasks of different keys at the same time. */
export class KeyedLock {
  readonly #limits = new Map<string, LimitFunction>();

  /** Runs `task` once every earlier task of `key` has ended, however it ended. */
  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const limit = this.#limits.get(key) ?? pLimit(1);
    this.#limits.set(key, limit);
    try {
      return await limit(task);
    } finally {
      const isIdle = limit.activeCount + limit.pendingCount === 0;
      // Several tasks may have ended before this runs, and another caller may have begun a new limit since.
      if (isIdle && this.#limits.get(key) === limit) this.#limits.delete(key);
    }
  }

  /** How many keys are held or waited for. */
  get size(): number {
    return this.#limits.size;
  }
}
