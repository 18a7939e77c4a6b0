/** A read from the page cache takes some microseconds, one from a disk at least as long as this, in milliseconds. */
const slowMs = 5;
/** For so long after a slow read there is none, in milliseconds. */
const pauseMs = 1_000;

/**
 * Reads on the thread of the event loop, as long as what is read is in the page cache: a trip to the thread pool costs more
 * than such a read. Disks are not asked this way, but for one read a second, which shows whether they are quick by now.
 */
export class QuickReads {
  readonly #now: () => number;
  #pausedUntil = 0;

  /** `now` is a clock in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** What `read` returns; `undefined` when it throws, and when reads are slow at this time. */
  try<Result>(read: () => Result): Result | undefined {
    const begun = this.#now();
    if (begun < this.#pausedUntil) return undefined;
    try {
      return read();
    } catch {
      return undefined;
    } finally {
      const ended = this.#now();
      if (ended - begun > slowMs) this.#pausedUntil = ended + pauseMs;
    }
  }
}
