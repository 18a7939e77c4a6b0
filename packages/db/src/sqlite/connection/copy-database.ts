import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RegistryError } from '@mcr/core';
import Sqlite from 'better-sqlite3';
import type { Connection } from './connection.ts';
import { isFileError } from './errors.ts';
import { databaseFileMode } from './open-connection.ts';
import { verifyCopy } from './verify-copy.ts';

/** What is copied. */
type Source = Pick<Connection, 'sqlite' | 'isOpen' | 'isInPlace'>;

/** Pages per step, 1 MiB: other operations take their turn between steps. */
const pagesPerStep = 256;

/** Bytes by which the log may grow meanwhile: it keeps everything that was written since the copy began. */
const mostLogGrowth = 1 << 30;
const tooSlow = 'More is written to the database than can be copied; try again when there is less to do';

/**
 * Writes a consistent copy of a database that stays in use: complete, checked and durable before it appears as
 * `destination`, which it replaces. Resolves with its size in bytes. Throws `UNAVAILABLE` when it cannot be written there.
 */
export async function copyDatabase(connection: Source, destination: string): Promise<number> {
  const partial = `${destination}.${randomUUID()}.partial`;
  try {
    await (await open(partial, 'wx', databaseFileMode)).close();
    await copyMoment(connection, partial);
    await verifyCopy(partial);
    const size = await synchronize(partial);
    await rename(partial, destination);
    await synchronize(dirname(destination));
    return size;
  } catch (error) {
    await Promise.all(['', '-journal', '-wal', '-shm'].map((suffix) => rm(`${partial}${suffix}`, { force: true })));
    if (!isFileError(error)) throw error;
    const message =
      'The copy of the database cannot be written; check that its directory exists, is writable and has room';
    throw new RegistryError('UNAVAILABLE', message, { cause: error });
  }
}

/**
 * Copies the database as it is now, while others may write to it. A copy begins anew after each change by another
 * connection, so this one reads through a connection of its own that holds on to one moment of the log.
 */
async function copyMoment({ sqlite, isOpen, isInPlace }: Source, destination: string): Promise<void> {
  if (!isInPlace()) {
    // This connection alone still has the file, and nothing changes it any more.
    await sqlite.backup(destination, { progress: () => nextStep(isOpen) });
    return;
  }
  const log = sizeOf(`${sqlite.name}-wal`);
  const progress = (): number => {
    if (sizeOf(`${sqlite.name}-wal`) - log > mostLogGrowth) throw new RegistryError('UNAVAILABLE', tooSlow);
    return nextStep(isOpen);
  };
  const reader = new Sqlite(sqlite.name, { fileMustExist: true, readonly: true });
  try {
    reader.exec('BEGIN; SELECT count(*) FROM sqlite_schema');
    await reader.backup(destination, { progress });
  } finally {
    reader.close();
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Closing the database aborts the copy. */
function nextStep(isOpen: () => boolean): number {
  if (isOpen()) return pagesPerStep;
  throw new RegistryError('UNAVAILABLE', 'The database was closed before the copy was complete');
}

async function synchronize(path: string): Promise<number> {
  const file = await open(path, 'r');
  try {
    await file.sync();
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}
