import { RegistryError } from '@mcr/core';
import Sqlite from 'better-sqlite3';
import { DatabaseError } from '../../database-error.ts';

/** Conditions that pass or that an operator can end; by primary result code (sqlite.org/rescode.html). */
const unavailable: Readonly<Record<string, string>> = {
  SQLITE_BUSY: 'The database is locked by another process; try again',
  SQLITE_LOCKED: 'The database is locked by another process; try again',
  SQLITE_READONLY: 'The database cannot be written; check its permissions',
  SQLITE_IOERR: 'The database could not be read or written; check its disk',
  SQLITE_CORRUPT: 'The database is damaged; ask the operator of the registry to restore a snapshot',
  SQLITE_NOTADB: 'The database is damaged; ask the operator of the registry to restore a snapshot',
  SQLITE_CANTOPEN: 'The database file cannot be opened; check its path and permissions',
};

/** Whether the database rejected a change because other rows depend on what it removes. */
export function isStillReferenced(error: unknown): boolean {
  if (!(error instanceof Sqlite.SqliteError)) return false;
  return error.code === 'SQLITE_CONSTRAINT_FOREIGNKEY' || error.code === 'SQLITE_CONSTRAINT_TRIGGER';
}

/** Whether another process holds the lock that a statement needs. */
export function isLocked(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code);
}

/** Whether the database is not what was written, or no database at all. */
export function isDamage(error: unknown): error is Error {
  return error instanceof Sqlite.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code);
}

/** Whether bytes may not have reached the disk although they were written. */
export function isSyncFailure(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && /^SQLITE_IOERR_(DIR_)?FSYNC$/.test(error.code);
}

/** The codes of a disk that fails, and of a file that ends before it should. */
export const diskFailure = /^SQLITE_IOERR(_(READ|SHORT_READ|WRITE|FSYNC|DIR_FSYNC|TRUNCATE|FSTAT))?$/;

/** Whether the disk failed, which leaves open what is on it. */
export function isDiskFailure(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && diskFailure.test(error.code);
}

/** Errors of the file system that an operator can resolve; by code of the system call. */
const fileSystemCodes: ReadonlySet<unknown> = new Set([
  'ENOENT',
  'ENOTDIR',
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOSPC',
  'EDQUOT',
]);

/** Whether the file system would not take a file where it was asked to. */
export function isFileError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && fileSystemCodes.has(error.code);
}

/** What a caller sees of an error: `RegistryError`s as they are, everything else without the driver's words. */
export function translateError(error: unknown): Error {
  if (error instanceof RegistryError || error instanceof DatabaseError) return error;
  if (!(error instanceof Sqlite.SqliteError)) {
    return new DatabaseError('The metadata store failed unexpectedly', { cause: error });
  }
  const primaryCode = error.code.split('_').slice(0, 2).join('_');
  if (primaryCode === 'SQLITE_FULL') {
    return new RegistryError('NO_SPACE', 'The registry has no space left for its database; ask its operator', {
      cause: error,
    });
  }
  const message = unavailable[primaryCode];
  if (message !== undefined) return new RegistryError('UNAVAILABLE', message, { cause: error });
  return new DatabaseError('The database rejected an operation', { cause: error });
}
