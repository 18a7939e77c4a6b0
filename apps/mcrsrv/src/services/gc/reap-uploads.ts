import type { Run } from './parts.ts';

const sliceSize = 50;

/** Removes uploads that nobody has touched for the configured time, and bytes of uploads that have no row. */
export async function reapUploads({ parts, progress, breathe }: Run): Promise<void> {
  const { store, blobs, sessions, settings, clock } = parts;
  const touchedBefore = clock.now() - settings.uploadTtl;
  for (;;) {
    const idle = await store.listIdleUploads({ touchedBefore, limit: sliceSize });
    const unused = idle.filter(({ id }) => !sessions.isHeld(id));
    for (const { id } of unused) {
      await store.deleteUpload(id);
      sessions.forget(id);
      await blobs.discardUpload(id);
      progress.uploadsRemoved += 1;
    }
    await breathe();
    if (idle.length < sliceSize || unused.length === 0) break;
  }
  for await (const { id, touchedAt } of blobs.listUploads()) {
    if (touchedAt >= touchedBefore || sessions.isHeld(id)) continue;
    if ((await store.getUpload(id)) !== undefined) continue;
    await blobs.discardUpload(id);
    progress.uploadsRemoved += 1;
    await breathe();
  }
}
