import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Actor } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';
import { type Copy, type CopyRetention, expiredCopies } from './expired-copies.ts';

/** Copies of the database in one directory. */
export interface CopyPlace {
  readonly directory: string;
  readonly isCopy: (name: string) => boolean;
  readonly retention: CopyRetention;
}

interface PruneRequest extends CopyPlace {
  readonly store: MetadataStore;
  readonly actor: Actor;
  readonly now: number;
}

/** Files of SQLite that a database may leave beside itself. */
const companions = ['-wal', '-shm'];

/** Removes the copies that have expired (`snapshot_removed` for each); their names. Throws what the file system throws. */
export async function pruneCopies({
  directory,
  isCopy,
  retention,
  store,
  actor,
  now,
}: PruneRequest): Promise<string[]> {
  const removed: string[] = [];
  for (const { name } of expiredCopies(await copiesIn(directory, isCopy), retention, now)) {
    const path = join(directory, name);
    await Promise.all(['', ...companions].map((suffix) => rm(`${path}${suffix}`, { force: true })));
    await store.audit.append([{ type: 'snapshot_removed', at: now, actor, details: { snapshot: name } }]);
    removed.push(name);
  }
  return removed;
}

async function copiesIn(directory: string, isCopy: (name: string) => boolean): Promise<Copy[]> {
  const copies: Copy[] = [];
  for (const name of await namesIn(directory)) {
    if (!isCopy(name)) continue;
    const stats = await stat(join(directory, name)).catch(() => undefined);
    if (stats?.isFile()) copies.push({ name, at: stats.mtimeMs });
  }
  return copies;
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
