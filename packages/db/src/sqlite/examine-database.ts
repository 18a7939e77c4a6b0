import { realpathSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { DatabaseError } from '../database-error.ts';
import { busyTimeout } from './connection/open-connection.ts';
import { assertKnownVersion, assertMoved } from './migrate.ts';

/** What went wrong by SQLite's result codes, the ones that an operator meets (sqlite.org/rescode.html). */
const reasons: Readonly<Record<number, string>> = {
  5: 'is locked by another process; end that one',
  11: 'is damaged; put a snapshot back with mcrsrv restore',
  26: 'is not a database; put a snapshot back with mcrsrv restore',
};

/**
 * Looks whether the file at `path`, which must be there, is a database that a server of this version can open, and
 * changes nothing. Throws a `DatabaseError` that says what is wrong and what to do. It does not read every page.
 */
export function examineDatabase(path: string): void {
  let sqlite: DatabaseSync | undefined;
  try {
    sqlite = openToLook(path);
    const tables = sqlite.prepare('SELECT name FROM sqlite_schema').all();
    if (tables.length === 0) return;
    if (!tables.some(({ name }) => name === 'schema_migrations'))
      throw new DatabaseError('It belongs to another program; name another path');
    const newest = sqlite.prepare('SELECT coalesce(max(id), 0) AS id FROM schema_migrations').get();
    assertKnownVersion(Number(newest?.['id']));
    assertMoved(sqlite);
  } catch (error) {
    throw explained(path, error);
  } finally {
    sqlite?.close();
  }
}

/**
 * Opens the database at `path` for a look that changes nothing: a reader makes the files of a log beside a database that
 * has none, unless the caller knows that nothing writes.
 */
export function openToLook(path: string): DatabaseSync {
  // The log lies beside the file itself, not beside a link to it.
  const place = realpathSync(path);
  const url = pathToFileURL(place);
  const log = statSync(`${place}-wal`, { throwIfNoEntry: false });
  if (log === undefined) url.searchParams.set('immutable', '1');
  return new DatabaseSync(url, { readOnly: true, timeout: busyTimeout });
}

function explained(path: string, cause: unknown): DatabaseError {
  const name = JSON.stringify(path);
  const { message, errcode = 0 } = cause as Error & { readonly errcode?: number };
  if (cause instanceof DatabaseError) return new DatabaseError(`${name}: ${message}`, { cause });
  const reason =
    reasons[errcode & 0xff] ?? `cannot be opened (${message}); give it to the user that the registry runs as`;
  return new DatabaseError(`${name} ${reason}`, { cause });
}
