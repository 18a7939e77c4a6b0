import type { Run } from './parts.ts';

const sliceSize = 50;

/** Removes uploads that were not touched for the configured time, and bytes of uploads that have no row. */
export async function reapUploads(run: Run): Promise<void> {
  const { store, blobs, settings, clock } = run.parts;
  const touchedBefore = clock.now() - settings.uploadTtl;
  for (;;) {
    const idle = await store.uploads.listIdle({ touchedBefore, limit: sliceSize });
    let reaped = 0;
    for (const { id } of idle) {
      if (await reap(run, id, touchedBefore)) reaped += 1;
      await run.yieldLoop();
    }
    // What is left of a slice is being written to.
    if (idle.length < sliceSize || reaped === 0) break;
  }
  for await (const { id, touchedAt } of blobs.listUploads()) {
    if (touchedAt < touchedBefore) await reap(run, id, touchedBefore);
    await run.yieldLoop();
  }
}

/** Never takes an upload away from a writer. As its only holder it looks again, since the client may have come back. */
async function reap({ parts, progress }: Run, id: string, touchedBefore: number): Promise<boolean> {
  const { store, blobs, sessions } = parts;
  if (sessions.isHeld(id)) return false;
  return await sessions.exclusive(id, async () => {
    const upload = await store.uploads.get(id);
    if (upload !== undefined && upload.touchedAt >= touchedBefore) return false;
    if (upload !== undefined) await store.uploads.delete(id);
    sessions.forget(id);
    await blobs.discardUpload(id);
    progress.uploadsRemoved += 1;
    return true;
  });
}
