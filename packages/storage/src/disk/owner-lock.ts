import { closeSync, constants, lstatSync, openSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreLocked } from '../errors.ts';
import { hasCode } from './if-there.ts';

const OWNER_FILE = '.owner';
/** SQLite's result code for a lock that someone else holds. */
const SQLITE_BUSY = 5;

/**
 * Owns a directory until `release`, or until this process ends in whatever way, alone or `shared` with processes that do
 * the same: the lock is a transaction on a small SQLite file, which the kernel drops with the process. Throws
 * `StoreLocked` immediately when another process has it otherwise. The file must never be opened in any other way, since
 * closing it would drop the lock.
 */
export function lockOwner(directory: string, { shared = false } = {}): { release(): void } {
  const path = join(directory, OWNER_FILE);
  createOnce(path);
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = MEMORY');
    database.exec(shared ? 'BEGIN; SELECT 1 FROM sqlite_schema' : 'BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    if (!isBusy(cause)) throw cause;
    throw new StoreLocked(whyLocked(directory, shared), { cause });
  }
  return { release: () => database.close() };
}

/**
 * Whether a process owns a directory now, alone or shared. Writes nothing. A process that would become the owner at this
 * very moment may believe that another one is. Throws when the directory can have no owner.
 */
export function isOwned(directory: string): boolean {
  const path = join(directory, OWNER_FILE);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  assertPlain(path, found);
  return isLocked(path, 'BEGIN EXCLUSIVE');
}

/** Whether a process owns a directory alone now. Writes nothing; one that shares it is none. */
export function isOwnedAlone(directory: string): boolean {
  return isOwned(directory) && isLocked(join(directory, OWNER_FILE), 'SELECT 1 FROM sqlite_schema');
}

function whyLocked(directory: string, shared: boolean): string {
  if (!shared && !isLocked(join(directory, OWNER_FILE), 'SELECT 1 FROM sqlite_schema')) {
    return `Processes with storage.shared = true own the blobs in "${directory}"; stop them first, or set it here as well`;
  }
  const hint = shared ? ', or set storage.shared = true there as well' : ', or give this one a directory of its own';
  return `Another process owns the blobs in "${directory}"${shared ? ' alone' : ''}; stop it first${hint}`;
}

/** Whether another lock keeps a statement from being run. */
function isLocked(path: string, sql: string): boolean {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec(sql);
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
