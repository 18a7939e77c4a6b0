import type { TrashEntry } from '@mcr/db';
import { lockKey } from '../blobs/bytes.ts';
import type { Run } from './parts.ts';

/** Entries that are dropped in one transaction: each costs an fsync, for which every request waits. */
const sliceSize = 25;

/**
 * Phase 2: removes the bytes behind every trash entry, each under its digest's lock, unless a blob has the locator again.
 * Entries go after their bytes, so a crash in between is finished by the next run.
 */
export async function emptyTrash(run: Run): Promise<void> {
  const { store } = run.parts;
  let after: string | undefined;
  for (;;) {
    const slice = await store.gc.listTrash({ ...(after !== undefined && { after }), limit: sliceSize });
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
async function removeBytes({ parts, progress }: Run, { locator, size }: TrashEntry): Promise<boolean> {
  const { store, blobs, digestLocks, log } = parts;
  return await digestLocks.run(lockKey(blobs, locator), async () => {
    if (await store.blobs.isLocatorUsed(locator)) return true;
    try {
      await blobs.remove(locator);
    } catch (error) {
      log.error({ err: error, locator }, 'blob bytes could not be removed, the next collection tries again');
      await store.gc.failTrash(locator);
      return false;
    }
    progress.blobsRemoved += 1;
    progress.bytesFreed += size;
    return true;
  });
}
