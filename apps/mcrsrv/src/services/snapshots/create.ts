import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { SnapshotsSection } from '@mcr/config';
import { type Actor, RegistryError } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';
import { snapshotPlace } from '../housekeeping/copy-places.ts';
import { pruneCopies } from '../housekeeping/prune-copies.ts';

export interface SnapshotRequest {
  readonly store: MetadataStore;
  /** Where snapshots go that are not told otherwise. */
  readonly directory: string;
  /** A file that must not exist yet. */
  readonly destination?: string;
  /** How many snapshots stay in `directory` once this one is there; what is written elsewhere removes none. */
  readonly retention: SnapshotsSection;
  readonly actor: Actor;
  readonly now: number;
}

export interface Snapshot {
  readonly name: string;
  readonly path: string;
  /** Bytes of the copy. */
  readonly size: number;
  readonly createdAt: number;
}

/** What snapshots are called that are not told otherwise. */
export const snapshotName = /^mcr-[0-9TZ-]+\.db$/;

/**
 * Copies the database while it is in use; the copy was checked for integrity when this resolves. Audited. Then removes
 * older ones from the directory, as many as the configuration says. `CONFLICT` when
 * the destination exists, `UNAVAILABLE` when it cannot be written.
 */
export async function createSnapshot(request: SnapshotRequest): Promise<Snapshot> {
  const { store, directory, destination, retention, actor, now } = request;
  const path = destination ?? join(directory, `mcr-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}.db`);
  await makeDirectory(dirname(path));
  const { size } = await store.snapshot(path);
  const details = { snapshot: basename(path), size: String(size) };
  await store.audit.append([{ type: 'snapshot_created', at: now, actor, details }]);
  if (destination === undefined) await pruneCopies({ ...snapshotPlace(directory, retention), store, actor, now });
  return { name: basename(path), path, size, createdAt: now };
}

async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new RegistryError('UNAVAILABLE', 'The directory of snapshots cannot be made; check who may write beside it', {
      cause: error,
    });
  }
}
