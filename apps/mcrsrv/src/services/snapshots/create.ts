import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Actor } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';

export interface SnapshotRequest {
  readonly store: MetadataStore;
  /** Where snapshots go that are not told otherwise. */
  readonly directory: string;
  /** A file that must not exist yet. */
  readonly destination?: string;
  readonly actor: Actor;
  readonly now: number;
}

export interface Snapshot {
  readonly path: string;
  /** Bytes of the copy. */
  readonly size: number;
}

/** Copies the database while it is in use; the copy was checked for integrity when this resolves. Audited. */
export async function createSnapshot({
  store,
  directory,
  destination,
  actor,
  now,
}: SnapshotRequest): Promise<Snapshot> {
  const path = destination ?? join(directory, `mcr-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}.db`);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const { size } = await store.snapshot(path);
  await store.appendAuditEvents([{ type: 'snapshot_created', at: now, actor, details: { path, size: String(size) } }]);
  return { path, size };
}
