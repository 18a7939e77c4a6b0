import type { Run } from './parts.ts';

const sliceSize = 50;

/**
 * Ends uploads that were not touched for the configured time, and leaves their pieces, and pieces of no upload that are as
 * old, to the trash. A request that is writing touches its upload; one that comes too late fails and loses nothing that
 * was acknowledged.
 */
export async function reapUploads(run: Run): Promise<void> {
  const { parts, progress, yieldLoop } = run;
  const { store, blobs, settings, clock } = parts;
  const touchedBefore = clock.now() - settings.uploadTtl;
  for (;;) {
    const reaped = await store.uploads.reap({ touchedBefore, limit: sliceSize, now: clock.now() });
    progress.uploadsRemoved += reaped;
    await yieldLoop();
    if (reaped < sliceSize) break;
  }
  for await (const { locator, size, touchedAt } of blobs.listPieces()) {
    const isSwept =
      touchedAt < touchedBefore && (await store.gc.sweep({ locator, size, kind: 'piece', now: clock.now() }));
    if (isSwept) progress.uploadsRemoved += 1;
    await yieldLoop();
  }
}
