import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@mcr/db';
import { type Slice, takeSlice } from '../slice.ts';
import { type Snapshot, snapshotName } from './create.ts';

/** One page of the snapshots in a directory, newest first; `after` is a name. */
export async function listSnapshots(directory: string, page: Page): Promise<Slice<Snapshot>> {
  const names = (await namesIn(directory)).filter((name) => page.after === undefined || name < page.after);
  const { items, more } = takeSlice(page.limit, names);
  const described = await Promise.all(items.map((name) => describe(directory, name)));
  return { items: described.filter((snapshot) => snapshot !== undefined), more };
}

/** Names begin with the time, so their order is the order of time. */
async function namesIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory))
      .filter((name) => snapshotName.test(name))
      .sort()
      .reverse();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** `undefined` for one that was removed in the meantime. */
async function describe(directory: string, name: string): Promise<Snapshot | undefined> {
  const path = join(directory, name);
  try {
    const { size, mtimeMs } = await stat(path);
    return { name, path, size, createdAt: momentOf(name) ?? Math.trunc(mtimeMs) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The moment in a name that `createSnapshot` gave. */
function momentOf(name: string): number | undefined {
  const [, hour, rest] = /^mcr-(.+T..)-(..-..-...Z)\.db$/.exec(name) ?? [];
  const moment = rest === undefined ? Number.NaN : Date.parse(`${hour}:${rest.replace('-', ':').replace('-', '.')}`);
  return Number.isNaN(moment) ? undefined : moment;
}
