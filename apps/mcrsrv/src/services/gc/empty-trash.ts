import { lockKey } from './lock-key.ts';
import type { Run } from './parts.ts';

const sliceSize = 100;

/**
 * Phase 2: removes the bytes behind every trash entry, each under its digest's lock, unless a blob has the locator again.
 * An entry goes after its bytes, so a crash in between is finished by the next run.
 */
export async function emptyTrash({ parts, progress, breathe }: Run): Promise<void> {
  const { store, blobs, digestLocks, log } = parts;
  let after: string | undefined;
  for (;;) {
    const slice = await store.listTrash({ ...(after !== undefined && { after }), limit: sliceSize });
    for (const { locator, size } of slice) {
      after = locator;
      await digestLocks.run(lockKey(blobs, locator), async () => {
        if (await store.isLocatorUsed(locator)) return await store.dropTrash(locator);
        try {
          await blobs.remove(locator);
        } catch (error) {
          log.error({ err: error, locator }, 'blob bytes could not be removed, the next collection tries again');
          return await store.failTrash(locator);
        }
        await store.dropTrash(locator);
        progress.blobsRemoved += 1;
        progress.bytesFreed += size;
      });
      await breathe();
    }
    if (slice.length < sliceSize) return;
  }
}
