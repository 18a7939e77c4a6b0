import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { DatabaseError } from '../database-error.ts';
import { copyDatabase } from './connection/copy-database.ts';
import { resolveDatabasePath } from './connection/database-path.ts';
import { assertKnownSchema } from './migrate.ts';

/** What a restored database is, and where the one before it is now, if there was one. */
export interface RestoredDatabase {
  /** Bytes. */
  readonly size: number;
  readonly previous?: string;
}

/**
 * Puts a copy of `source` in the place of the database at `path`, which no process may have open, once it was found to be
 * whole and of a schema that this program knows; throws a `DatabaseError` that says what is wrong, with nothing changed.
 * What was there is kept beside it, under a name with the time `now` in it.
 */
export async function restoreDatabase(source: string, path: string, now: Date): Promise<RestoredDatabase> {
  const place = resolveDatabasePath(path);
  const copy = `${place}.restore-${randomUUID()}`;
  const size = await copyOf(source, copy);
  try {
    const previous = await setAside(place, `${place}.before-restore-${now.toISOString().replaceAll(/[:.]/g, '-')}`);
    await rename(copy, place);
    await synchronize(dirname(place));
    return { size, ...(previous !== undefined && { previous }) };
  } finally {
    await rm(copy, { force: true });
  }
}

async function copyOf(source: string, destination: string): Promise<number> {
  let sqlite: Sqlite.Database | undefined;
  try {
    sqlite = new Sqlite(source, { fileMustExist: true, readonly: true });
    assertKnownSchema(sqlite);
    // Nothing writes to it, so no snapshot has to be held.
    return await copyDatabase({ sqlite, isOpen: () => true, isInPlace: () => false }, destination);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DatabaseError(`"${source}" cannot be restored, and nothing was changed: ${reason}`, { cause });
  } finally {
    sqlite?.close();
  }
}

/** The file goes before its log: at no moment is there a database that lacks what the log has. */
async function setAside(path: string, name: string): Promise<string | undefined> {
  const there = ['', '-wal', '-shm'].filter((suffix) => existsSync(`${path}${suffix}`));
  for (const suffix of there) await rename(`${path}${suffix}`, `${name}${suffix}`);
  await synchronize(dirname(path));
  return there.length > 0 ? name : undefined;
}

async function synchronize(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
