import { RegistryError } from '@mcr/core';
import type { AuditedBlob, Page } from '@mcr/db';
import type { StoredBlob } from '@mcr/storage';
import { openBytes } from '../blobs/bytes.ts';
import { digestOfBytes } from '../blobs/digest-of-bytes.ts';
import { releaseBlob } from '../blobs/recheck-blob.ts';
import type { LostBlobs } from '../lost-blobs.ts';
import { matchFiles } from '../match-files.ts';
import { inspectFile, reasonAgainstQuarantine, reasonAgainstRemoval, surveyMismatch } from '../mismatch.ts';
import { allRows } from '../slice.ts';
import { findLostBlobs } from './find-lost-blobs.ts';
import type { Run } from './parts.ts';

/** A store that lists from memory never lets other work go on by itself. */
const filesPerSlice = 50;

/**
 * Compares every stored file with every blob row, both in order of locator: queues blobs that are neither referenced nor
 * queued, leaves old files that no row knows and no manifest needs to the trash, takes blobs without a file of their size out of
 * service, and puts those back whose file is right again. Throws `CONFLICT`, and changes nothing, when database and files do not belong
 * together. Whatever cannot be read ends it.
 */
export async function reconcile(run: Run): Promise<void> {
  const { parts, progress, yieldLoop } = run;
  await assertTogether(run);
  let lost: LostBlobs | undefined;
  for await (const { row, file } of matchFiles(auditedRows(run), parts.blobs.list())) {
    if (row === undefined) {
      if (isOld(run, file!)) await sweepOrphan(run, file!, (lost ??= await findLostBlobs(run)));
    } else if (row.size !== file?.size) await reportMissing(run, row);
    else if (row.damage !== undefined) await releaseIfRight(run, row);
    if (file === undefined) continue;
    progress.examined += 1;
    if (progress.examined % filesPerSlice === 0) await yieldLoop();
  }
}

/** Looks before it leaps: an empty or foreign database would cost every file, an unmounted disk every blob. */
async function assertTogether({ parts, yieldLoop }: Run): Promise<void> {
  const { store, blobs, settings, clock } = parts;
  const mismatch = await surveyMismatch({
    rows: allRows(
      (page: Page) => store.inspection.listBlobs(page),
      ({ locator }) => locator,
    ),
    files: blobs.list(),
    inspectLocator: inspectFile(store),
    sealedBefore: clock.now() - settings.gracePeriod,
    yieldLoop,
  });
  const reason = reasonAgainstRemoval(mismatch) ?? reasonAgainstQuarantine(mismatch);
  if (reason === undefined) return;
  throw new RegistryError(
    'CONFLICT',
    `The reconcile changed nothing: ${reason}. If it is not, run mcrsrv fsck --repair, which asks`,
  );
}

async function* auditedRows({ parts, yieldLoop }: Run): AsyncGenerator<AuditedBlob, void> {
  const { store, settings, clock } = parts;
  const read = async (page: Page) => {
    if (page.after !== undefined) await yieldLoop();
    const now = clock.now();
    return await store.gc.auditBlobs({ page, reviewAfter: now + settings.gracePeriod, now });
  };
  yield* allRows(read, ({ locator }) => locator);
}

function isOld({ parts: { clock, settings } }: Run, { sealedAt }: StoredBlob): boolean {
  return sealedAt <= clock.now() - settings.gracePeriod;
}

/** A file may be younger than the slice of rows it was compared with, so the row is looked for again. */
async function sweepOrphan({ parts, progress }: Run, { locator, size }: StoredBlob, lost: LostBlobs): Promise<void> {
  const { store, blobs, clock, log } = parts;
  const reason = lost.reasonToKeep(blobs.digestOf(locator));
  if (reason !== undefined) return log.error({ locator, reason }, 'kept a file that no blob owns, run mcrsrv fsck');
  if (!(await store.gc.sweep({ locator, size, kind: 'orphan', now: clock.now() }))) return;
  progress.orphansRemoved += 1;
  log.warn({ locator }, 'found a file that no blob owned, and put it into the trash');
}

/** The row may be gone, or its file back, since the two lists were read; opening it looks again, and takes it out. */
async function reportMissing({ parts, progress }: Run, row: AuditedBlob): Promise<void> {
  const content = await openBytes(parts, row);
  if (content !== undefined) await content.close();
  else if (await parts.store.blobs.isLocatorUsed(row.locator)) progress.missingFiles += 1;
}

/** A disk that was away is back, or the file was restored: only its digest says whether it is right. */
async function releaseIfRight({ parts }: Run, row: AuditedBlob): Promise<void> {
  const actual = await digestOfBytes(parts.blobs, row).catch((error: unknown) => error);
  if (actual === row.digest) await releaseBlob(parts, row);
}
