import type { Run } from './parts.ts';

/** Queue entries in one transaction: short enough that no request waits noticeably, also on a large database. */
const sliceSize = 10;

/** Phase 1: decides about every queue entry that is due, slice by slice. The foreign key has the last word. */
export async function reviewQueue({ parts, progress, yieldLoop }: Run): Promise<void> {
  const { store, clock } = parts;
  for (;;) {
    const { reviewed } = await store.gc.review({ now: clock.now(), limit: sliceSize });
    progress.examined += reviewed;
    await yieldLoop();
    if (reviewed === 0) return;
  }
}
