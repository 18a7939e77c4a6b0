import type { TrashEntry } from '@mcr/db';
import type { Run } from './parts.ts';

/** Entries that are dropped in one transaction: each costs an fsync, for which every request waits. */
const sliceSize = 25;

/**
 * Removes the bytes behind every trash entry that has been there for the configured time. What is trash is never put on
 * record again, so no lock is needed, and several collectors may do this. Entries go after their bytes, so the next run
 * finishes what a crash interrupts.
 */
export async function emptyTrash(run: Run): Promise<void> {
  const { store, settings, clock } = run.parts;
  const trashedBefore = clock.now() - settings.trashRetention;
  let after: string | undefined;
  for (;;) {
    const slice = await store.gc.listTrash({ ...(after !== undefined && { after }), limit: sliceSize, trashedBefore });
    const done: string[] = [];
    for (const entry of slice) {
      if (await removeBytes(run, entry)) done.push(entry.locator);
    }
    if (done.length > 0) await store.gc.dropTrash(...done);
    await run.yieldLoop();
    if (slice.length < sliceSize) return;
    after = slice.at(-1)?.locator;
  }
}

/** Whether the entry has served its purpose. */
async function removeBytes({ parts, progress }: Run, { locator, size, kind }: TrashEntry): Promise<boolean> {
  const { store, blobs, log } = parts;
  // Only fsck makes a blob again of bytes that are trash, and withdraws the entry.
  if (await store.blobs.isLocatorUsed(locator)) return true;
  try {
    await blobs.remove(locator);
  } catch (error) {
    log.error({ err: error, locator }, 'blob bytes could not be removed, the next collection tries again');
    await store.gc.failTrash(locator);
    return false;
  }
  if (kind !== 'blob') return true;
  progress.blobsRemoved += 1;
  progress.bytesFreed += size;
  return true;
}
