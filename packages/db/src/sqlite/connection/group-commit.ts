/** A transaction for all, with a part for each that may fail alone. */
export interface Transactions {
  /** Runs work in a transaction: all of it happens, or nothing. */
  readonly write: (work: () => void) => void;
  /** The same for work with savepoints. */
  readonly writeInParts: (work: () => void) => void;
  /** Runs a part of a transaction that may fail without taking the rest with it. */
  readonly savepoint: <Result>(work: () => Result) => Result;
  /** Whether a transaction is open; SQLite ends it by itself when the disk is full or fails. */
  readonly isOpen: () => boolean;
  /** Whether a commit would wait for the disk behind another one; {@link GroupCommit.flush} is called at the end of that. */
  readonly isSyncing: () => boolean;
}

interface Waiting {
  readonly work: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly result: unknown } | { readonly error: unknown };

/** Keeps a transaction below some 10 ms of the event loop. */
const maxGroupSize = 64;
/** Milliseconds of the processor after which a group takes no more: a push of a large index takes longer. */
const maxGroupMs = 20;

/**
 * Commits what several callers write in one turn of the event loop together, and all that comes while an earlier commit
 * waits for the disk: it would have to wait for that, too, and every transaction writes the pages anew that most of them
 * change. Each caller gets its own result or error, after the commit.
 */
export class GroupCommit {
  readonly #transactions: Transactions;
  #waiting: Waiting[] = [];
  #isScheduled = false;

  constructor(transactions: Transactions) {
    this.#transactions = transactions;
  }

  /** Resolves with what `work` returns, once that is durable. Rejects as `work` does, which then has changed nothing. */
  add<Result>(work: () => Result): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.#waiting.push({ work, resolve: resolve as Waiting['resolve'], reject });
    this.#schedule();
    return promise;
  }

  /** Commits what waits for the end of a sync. */
  flush(): void {
    if (this.#waiting.length > 0) this.#commit();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      if (!this.#transactions.isSyncing()) this.flush();
    });
  }

  #commit(): void {
    const group = this.#waiting.splice(0, maxGroupSize);
    const outcomes: Outcome[] = [];
    const { write, writeInParts } = this.#transactions;
    const [begin, attempt] = group.length === 1 ? [write, succeed] : [writeInParts, this.#attempt];
    const start = process.threadCpuUsage();
    try {
      begin(() => {
        for (const { work } of group) {
          outcomes.push(attempt(work));
          if (process.threadCpuUsage(start).user >= maxGroupMs * 1_000) break;
        }
        // What came too late for this transaction is the first of the next one.
        this.#waiting.unshift(...group.splice(outcomes.length));
      });
    } catch (error) {
      for (const { reject } of group) reject(error);
      return;
    } finally {
      if (this.#waiting.length > 0) this.#schedule();
    }
    for (const [index, outcome] of outcomes.entries()) {
      if ('error' in outcome) group[index]?.reject(outcome.error);
      else group[index]?.resolve(outcome.result);
    }
  }

  readonly #attempt = (work: () => unknown): Outcome => {
    try {
      return { result: this.#transactions.savepoint(work) };
    } catch (error) {
      if (!this.#transactions.isOpen()) throw error;
      return { error };
    }
  };
}

/** What is alone in its transaction needs no savepoint: its failure is that of the transaction. */
function succeed(work: () => unknown): Outcome {
  return { result: work() };
}
