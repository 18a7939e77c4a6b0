import type Sqlite from 'better-sqlite3';

/** For so long a change may be tried again, in milliseconds. */
const keptMs = 3_600_000;
/** Changes of an hour in which one is made every 36 ms; more of them are kept for a shorter time. */
const maxKept = 100_000;
/** Rows that one change looks at to forget them: more than it adds, so that they become fewer. */
const maxForgotten = 4;

interface Statements {
  readonly find: Sqlite.Statement<[string], { readonly result: string | null }>;
  readonly add: Sqlite.Statement<[string, string | null, number]>;
  readonly forget: Sqlite.Statement<[number, number]>;
}

/**
 * Makes each change that has an id once. The result is on record in the transaction of the change, and a second attempt
 * returns it.
 */
export class Changes {
  readonly #sqlite: Sqlite.Database;
  readonly #now: () => number;
  #statements: Statements | undefined;
  /** Id of the change whose operation is being called. */
  #current: string | undefined;

  constructor(sqlite: Sqlite.Database, now: () => number) {
    this.#sqlite = sqlite;
    this.#now = now;
  }

  /** Calls an operation whose input may be a change. Its writes must begin before it waits for anything. */
  during<Result>(input: unknown, call: () => Result): Result {
    this.#current = idOf(input);
    try {
      return call();
    } finally {
      this.#current = undefined;
    }
  }

  /** The work of a transaction, unless the change that is being called has been made. */
  once<Result>(work: () => Result): () => Result {
    const id = this.#current;
    return id === undefined ? work : () => this.#recorded(id, work);
  }

  #recorded<Result>(id: string, work: () => Result): Result {
    const { find, add, forget } = (this.#statements ??= this.#prepare());
    const made = find.get(id);
    if (made !== undefined) return (made.result === null ? undefined : JSON.parse(made.result)) as Result;
    const result = work();
    const now = this.#now();
    const { lastInsertRowid } = add.run(id, JSON.stringify(result) ?? null, now);
    forget.run(now - keptMs, Number(lastInsertRowid) - maxKept);
    return result;
  }

  #prepare(): Statements {
    return {
      find: this.#sqlite.prepare('SELECT result FROM changes WHERE id = ?'),
      add: this.#sqlite.prepare('INSERT INTO changes (id, result, at) VALUES (?, ?, ?)'),
      forget: this.#sqlite.prepare(`DELETE FROM changes
        WHERE seq IN (SELECT seq FROM changes WHERE seq > 0 ORDER BY seq LIMIT ${maxForgotten}) AND (at < ? OR seq <= ?)`),
    };
  }
}

function idOf(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null || !('changeId' in input)) return undefined;
  return typeof input.changeId === 'string' ? input.changeId : undefined;
}
