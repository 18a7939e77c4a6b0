import { threadTime } from './thread-time.ts';

/** A read from the page cache takes some microseconds, one from a disk at least as long as this, in milliseconds. */
const slowMs = 5;
/** One slow read may be the host's doing, which gave the processor to another machine. So many in a row are the disk's. */
const slowInRow = 2;
/** For so long after these there is none, in milliseconds. */
const pauseMs = 1_000;

/**
 * Reads on the thread of the event loop, as long as what is read is in the page cache: a trip to the thread pool costs more
 * than such a read. Disks are not asked this way, but for one read a second, which shows whether they are quick by now.
 */
export class QuickReads {
  readonly #now: () => number;
  #pausedUntil = 0;
  #slow = 0;

  /** `now` is a clock in milliseconds. By default it leaves out that other threads have the processor: no disk is slow by that. */
  constructor(now: () => number = threadTime) {
    this.#now = now;
  }

  /** Whether reads are slow at this time. */
  get isPaused(): boolean {
    return this.#now() < this.#pausedUntil;
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
      this.#slow = ended - begun > slowMs ? this.#slow + 1 : 0;
      if (this.#slow >= slowInRow) this.#pausedUntil = ended + pauseMs;
    }
  }
}
