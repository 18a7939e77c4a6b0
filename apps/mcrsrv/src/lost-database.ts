import { stat } from 'node:fs/promises';
import type { BlobStore } from '@mcr/storage';

/**
 * Throws when there is no database although there are blobs: it is lost, and a new one would know nothing of them, so
 * that all that was acknowledged would look as if it had never been, and be removed as garbage.
 */
export async function assertNotLost(databasePath: string, blobs: Pick<BlobStore, 'list'>): Promise<void> {
  if (await hasDatabase(databasePath)) return;
  for await (const _ of blobs.list()) {
    throw new Error(
      `There is no database at "${databasePath}", but there are blobs; restore a snapshot to this path, or move the blobs away to begin anew`,
    );
  }
}

/** Whether there is a database at the path. An empty file is none: SQLite would take it for a new one. */
export async function hasDatabase(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true && found.size > 0;
}
