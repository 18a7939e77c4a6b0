import type Sqlite from 'better-sqlite3';

/**
 * Does work in which a transaction has savepoints. Each savepoint copies every page that it is the first to change, and SQLite
 * keeps these copies in a temporary file as soon as a transaction has 64 KiB of them: half of all that a push wrote. Here they
 * stay in memory. It is for the time of this work only, since what is sorted goes where they go, and may be large.
 * https://www.sqlite.org/tempfiles.html#statement_journal_files
 */
export function withJournalsInMemory<Result>(sqlite: Sqlite.Database, work: () => Result): Result {
  sqlite.pragma('temp_store = MEMORY');
  try {
    return work();
  } finally {
    if (sqlite.open) sqlite.pragma('temp_store = DEFAULT');
  }
}
