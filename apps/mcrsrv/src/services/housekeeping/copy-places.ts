import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Config } from '@mcr/config';
import type { CopyPlace } from './prune-copies.ts';

/** Snapshots in their directory, those of `mcrsrv snapshot`, `mcrctl snapshot` and whatever else is named like them. */
export function snapshotPlace(directory: string, { keep, maxAge }: Config['snapshots']): CopyPlace {
  return { directory, isCopy: (name) => /^mcr-.*\.db$/.test(name), retention: { keep, maxAge } };
}

/** What upgrades and restores leave beside the database, each kind counted for itself. */
export async function upgradePlaces(
  database: string,
  { keepUpgrades, maxAge }: Config['snapshots'],
): Promise<CopyPlace[]> {
  const path = await realpath(database).catch(() => database);
  return ['before-migration-', 'before-restore-'].map((kind) => ({
    directory: dirname(path),
    // Not the log of a copy, which goes with the copy.
    isCopy: (name) => name.startsWith(`${basename(path)}.${kind}`) && !/-(?:wal|shm)$|\.partial/.test(name),
    retention: { keep: keepUpgrades, maxAge },
  }));
}
