import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@mcr/db';
import { requireAdmin } from '../admin/require-admin.ts';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { type Slice, takeSlice } from '../slice.ts';
import { type Snapshot, snapshotName } from './create.ts';

/** One page of the snapshots in the configured directory, newest first; `after` is a name. Admin only. */
export async function listSnapshots(context: ServiceContext, caller: Caller, page: Page): Promise<Slice<Snapshot>> {
  await requireAdmin(context, caller, 'list snapshots');
  const directory = context.settings.snapshotDirectory;
  const names = (await namesIn(directory)).filter((name) => page.after === undefined || name < page.after);
  const { items, more } = takeSlice(page.limit, names);
  return { items: await Promise.all(items.map((name) => describe(directory, name))), more };
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

async function describe(directory: string, name: string): Promise<Snapshot> {
  const path = join(directory, name);
  const { size, mtimeMs } = await stat(path);
  return { name, path, size, createdAt: Math.trunc(mtimeMs) };
}
