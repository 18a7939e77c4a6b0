import { threadTime } from './thread-time.ts';

/** A read from the page cache takes some microseconds, one from a disk at least as long as this, in milliseconds. */
const slowMs = 5;
/**
 * One slow read may be the host's doing, which gave the processor to another machine or to another thread. So many in a row are
 * the disk's, the last of them by a clock that leaves other threads out.
 */
const slowInRow = 2;
/** For so long after these there is none, in milliseconds. */
const pauseMs = 1_000;

/**
 * Reads on the thread of the event loop, as long as what is read is in the page cache: a trip to the thread pool costs more
 * than such a read. Disks are not asked this way, but for one read a second, which shows whether they are quick by now.
 */
export class QuickReads {
  readonly #now: () => number;
  readonly #work: () => number;
  #pausedUntil = 0;
  #slow = 0;

  /**
   * Clocks in milliseconds, of which `work` leaves out that other threads have the processor: no disk is slow by that. It takes
   * two system calls a read, so it is asked only after a read that `now` has found slow.
   */
  constructor(now: () => number = () => performance.now(), work: () => number = threadTime) {
    this.#now = now;
    this.#work = work;
  }

  /** Whether reads are slow at this time. */
  get isPaused(): boolean {
    return this.#now() < this.#pausedUntil;
  }

  /** What `read` returns; `undefined` when it throws, and when reads are slow at this time. */
  try<Result>(read: () => Result): Result | undefined {
    const begun = this.#now();
    if (begun < this.#pausedUntil) return undefined;
    const isSuspect = this.#slow > 0;
    const workBegun = isSuspect ? this.#work() : 0;
    try {
      return read();
    } catch {
      return undefined;
    } finally {
      const ended = this.#now();
      if (ended - begun <= slowMs) this.#slow = 0;
      else if (!isSuspect) this.#slow = 1;
      else this.#note(this.#work() - workBegun > slowMs, ended);
    }
  }

  /** Notes a read that took long, while others did before. */
  #note(isSlow: boolean, ended: number): void {
    this.#slow = isSlow ? this.#slow + 1 : 1;
    if (this.#slow >= slowInRow) this.#pausedUntil = ended + pauseMs;
  }
}
