import type { BlobRecord } from '@mcr/db';
import { BlobMissing, type StoredBlob } from '@mcr/storage';
import { lockKey } from './lock-key.ts';
import type { Run } from './parts.ts';

/** Rows read in one transaction. */
const sliceSize = 250;
/** A store that lists from memory never lets other work go on by itself. */
const filesPerBreath = 50;

/**
 * Compares every stored file with every blob row, both in order of locator: queues blobs that nothing references and
 * nobody queued, removes old files that no row knows, and reports rows without a file of their size. Whatever cannot be read ends it.
 */
export async function reconcile(run: Run): Promise<void> {
  const { parts, progress, breathe } = run;
  const rows = readRows(run);
  let row = await rows.next();
  for await (const file of parts.blobs.list()) {
    for (; !row.done && row.value.locator < file.locator; row = await rows.next()) await reportMissing(run, row.value);
    if (!row.done && row.value.locator === file.locator) {
      if (row.value.size !== file.size) await reportMissing(run, row.value);
      row = await rows.next();
    } else {
      await removeOrphan(run, file);
    }
    progress.examined += 1;
    if (progress.examined % filesPerBreath === 0) await breathe();
  }
  for (; !row.done; row = await rows.next()) await reportMissing(run, row.value);
}

async function* readRows({ parts, breathe }: Run): AsyncGenerator<BlobRecord, void> {
  const { store, settings, clock } = parts;
  for (let after: string | undefined; ; ) {
    const now = clock.now();
    const page = { ...(after !== undefined && { after }), limit: sliceSize };
    const slice = await store.auditBlobs({ page, reviewAfter: now + settings.gracePeriod, now });
    yield* slice;
    if (slice.length < sliceSize) return;
    after = slice.at(-1)!.locator;
    await breathe();
  }
}

/** A file may be younger than the slice of rows it was compared with, so the row is looked for again under the lock. */
async function removeOrphan({ parts, progress }: Run, { locator, sealedAt }: StoredBlob): Promise<void> {
  const { store, blobs, digestLocks, settings, clock, log } = parts;
  if (sealedAt > clock.now() - settings.gracePeriod) return;
  await digestLocks.run(lockKey(blobs, locator), async () => {
    if (await store.isLocatorUsed(locator)) return;
    await blobs.remove(locator);
    progress.orphansRemoved += 1;
    log.warn({ locator }, 'removed a file that no blob owned');
  });
}

/** The row may be gone, or its file back, since the two lists were read. */
async function reportMissing({ parts, progress }: Run, { digest, locator, size }: BlobRecord): Promise<void> {
  const { store, blobs, log } = parts;
  try {
    await (await blobs.open(locator, size)).close();
  } catch (error) {
    if (!(error instanceof BlobMissing)) throw error;
    if (!(await store.isLocatorUsed(locator))) return;
    progress.missingFiles += 1;
    log.error({ err: error, digest, locator }, 'a blob has no file of its size');
  }
}
