import { closeSync, constants, lstatSync, openSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreLocked } from '../errors.ts';
import { hasCode } from './if-there.ts';

const OWNER_FILE = '.owner';
/** SQLite's result code for a lock that someone else holds. */
const SQLITE_BUSY = 5;

/**
 * Owns a directory until `release`, or until this process ends in whatever way: the lock is an exclusive transaction
 * on a small SQLite file, which the kernel drops with the process. Throws `StoreLocked` at once when it is taken.
 * The file must never be opened in any other way, since closing it would drop the lock.
 */
export function lockOwner(directory: string): { release(): void } {
  const path = join(directory, OWNER_FILE);
  createOnce(path);
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    if (!isBusy(cause)) throw cause;
    throw new StoreLocked(
      `Another process owns the blobs in "${directory}"; stop it first, or give this one a directory of its own`,
      { cause },
    );
  }
  return { release: () => database.close() };
}

/**
 * Whether a process owns a directory now. Writes nothing. A process that would become the owner at this very moment may
 * believe that another one is. Throws when the directory can have no owner.
 */
export function isOwned(directory: string): boolean {
  const path = join(directory, OWNER_FILE);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  assertPlain(path, found);
  const database = new DatabaseSync(path, { timeout: 0, readOnly: true });
  try {
    database.exec('SELECT 1 FROM sqlite_schema');
    return false;
  } catch (error) {
    return isBusy(error);
  } finally {
    database.close();
  }
}

/** Creates the file with mode 0600, which SQLite would not. Opens it only when it is new, and so has no owner. */
function createOnce(path: string): void {
  try {
    closeSync(openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600));
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    assertPlain(path, lstatSync(path));
  }
}

function assertPlain(path: string, found: Stats): void {
  if (!found.isFile()) throw new Error(`"${path}" must be a plain file; remove it`);
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
