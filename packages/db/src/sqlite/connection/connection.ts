import type Sqlite from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';

/** One open database file. All statements go through it one after the other; none waits inside a transaction. */
export interface Connection {
  readonly path: string;
  readonly sqlite: Sqlite.Database;
  readonly db: BetterSQLite3Database;
  /** Runs `work` in a transaction that takes the write lock at once: all of it happens, or nothing. */
  readonly write: <Result>(work: () => Result) => Result;
  /** Runs a part of a transaction that may fail without taking the rest with it. */
  readonly savepoint: <Result>(work: () => Result) => Result;
}

/** Wraps an open database. */
export function connectionOf(sqlite: Sqlite.Database): Connection {
  // A transaction that begins DEFERRED and writes later fails at once when another process wrote in between.
  const transaction = sqlite.transaction((work: () => unknown) => work());
  return {
    path: sqlite.name,
    sqlite,
    db: drizzle({ client: sqlite }),
    write: <Result>(work: () => Result) => transaction.immediate(work) as Result,
    savepoint: <Result>(work: () => Result) => transaction(work) as Result,
  };
}
