import { chmodSync, closeSync, openSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { DatabaseError } from '../../database-error.ts';
import { type Connection, type ConnectionOptions, connectionOf } from './connection.ts';
import { resolveDatabasePath } from './database-path.ts';
import { assertSqliteVersion } from './sqlite-version.ts';
import { keepPlans } from './steady-plans.ts';

/** How long a statement waits for the lock of another process, in milliseconds. */
export const busyTimeout = 5000;

/** Only the account that runs the registry may read it: the database holds password hashes. */
export const databaseFileMode = 0o600;

/** Room on the disk that the log keeps when it begins anew. */
const keptLogBytes = 64 << 20;

/** Pragmas are per connection; each is read back, since SQLite ignores what it does not know. */
const pragmas: readonly (readonly [name: string, set: string, expected: unknown])[] = [
  ['journal_mode', 'WAL', 'wal'],
  // NORMAL: SQLite syncs where it would lose the order of its writes otherwise; commits are made durable beside it.
  ['synchronous', 'NORMAL', 1],
  // SQLite would keep to itself when the disk fails at a checkpoint; see `Checkpoints`.
  ['wal_autocheckpoint', '0', 0],
  // What a long reader has made of the log is given back once it is over.
  ['journal_size_limit', String(keptLogBytes), keptLogBytes],
  ['foreign_keys', 'ON', 1],
  ['trusted_schema', 'OFF', 0],
  ['busy_timeout', String(busyTimeout), busyTimeout],
];

export interface OpenConnectionOptions extends ConnectionOptions {
  readonly path: string;
  /** Called with every statement that runs but those for checkpoints, parameters filled in, secrets too: for tests. */
  readonly onStatement?: (statement: string) => void;
}

/** Opens a database file, created when it is missing, with every safety that the store relies on switched on. */
export function openConnection(options: OpenConnectionOptions): Connection {
  const path = resolveDatabasePath(options.path);
  try {
    restrictAccess(path);
    const sqlite = new Sqlite(path, { timeout: busyTimeout, ...observing(options) });
    try {
      configure(sqlite);
      keepPlans(sqlite);
      return connectionOf(sqlite, options);
    } catch (error) {
      sqlite.close();
      throw error;
    }
  } catch (error) {
    if (error instanceof DatabaseError) throw error;
    const hint = 'check that its directory exists and can be written, and that it is a database of this registry';
    throw new DatabaseError(`Cannot open the database "${path}"; ${hint}`, { cause: error });
  }
}

function observing({ onStatement }: OpenConnectionOptions): Sqlite.Options {
  if (onStatement === undefined) return {};
  const verbose = (statement: unknown): void => {
    if (!String(statement).startsWith('PRAGMA wal_checkpoint')) onStatement(String(statement));
  };
  return { verbose };
}

/**
 * SQLite gives its `-wal` and `-shm` files the mode of the database. An existing file is never opened here: closing a
 * descriptor of it would drop the locks that another connection of this process holds (sqlite.org/howtocorrupt.html).
 */
function restrictAccess(path: string): void {
  try {
    closeSync(openSync(path, 'wx', databaseFileMode));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    for (const file of [path, `${path}-wal`, `${path}-shm`]) chmodIfPresent(file);
  }
}

function chmodIfPresent(file: string): void {
  try {
    chmodSync(file, databaseFileMode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function configure(sqlite: Sqlite.Database): void {
  assertSqliteVersion(String(sqlite.prepare('SELECT sqlite_version()').pluck().get()));
  for (const [name, value, expected] of pragmas) {
    sqlite.pragma(`${name} = ${value}`);
    const actual = sqlite.pragma(name, { simple: true });
    if (actual === expected) continue;
    throw new DatabaseError(
      `SQLite does not accept ${name} = ${value} for "${sqlite.name}", and has ${String(actual)}`,
    );
  }
}
