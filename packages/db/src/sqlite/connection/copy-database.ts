import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RegistryError } from '@mcr/core';
import type Sqlite from 'better-sqlite3';
import { isFileRefused } from './errors.ts';
import { databaseFileMode } from './open-connection.ts';
import { verifyCopy } from './verify-copy.ts';

/** Pages per step, 1 MiB: other operations take their turn between steps. */
const pagesPerStep = 256;

/**
 * Writes a consistent copy of a database that stays in use: complete, checked and durable before it appears as
 * `destination`, which it replaces. Resolves with its size in bytes. Throws `UNAVAILABLE` when it cannot be written there.
 */
export async function copyDatabase(sqlite: Sqlite.Database, destination: string): Promise<number> {
  const partial = `${destination}.${randomUUID()}.partial`;
  try {
    await (await open(partial, 'wx', databaseFileMode)).close();
    await sqlite.backup(partial, { progress: () => pagesPerStep });
    await verifyCopy(partial);
    const size = await synchronize(partial);
    await rename(partial, destination);
    await synchronize(dirname(destination));
    return size;
  } catch (error) {
    await Promise.all(['', '-journal', '-wal', '-shm'].map((suffix) => rm(`${partial}${suffix}`, { force: true })));
    if (!isFileRefused(error)) throw error;
    const message =
      'The copy of the database cannot be written; check that its directory exists, is writable and has room';
    throw new RegistryError('UNAVAILABLE', message, { cause: error, detail: { destination } });
  }
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
