import type { Clock } from '@mcr/core';
import type { MetadataStore, Page } from '@mcr/db';
import type { BlobStore } from '@mcr/storage';
import type { Logger } from 'pino';
import { matchFiles } from '../match-files.ts';
import { inspectFile, reasonAgainstRemoval, surveyMismatch } from '../mismatch.ts';
import { allRows } from '../slice.ts';

/** A request puts what it has written on record within seconds; a younger object may be one that is about to be. */
const unownedMs = 3_600_000;
/** No request writes for so long. */
const unfinishedMs = 24 * 3_600_000;
/** Objects looked at before other work gets its turn. */
const objectsPerSlice = 50;

/** What a sweep works with. */
export interface SweepParts {
  readonly store: MetadataStore;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** Lets other work go on; throws when the sweep shall stop. */
  readonly mayGoOn: () => Promise<void>;
}

/** What sweeps have found so far, for metrics. */
export class SweepFigures {
  objects = 0;
  bytes = 0;
  uploads = 0;
}

/**
 * Leaves objects that no blob, no piece and no trash has to the trash, and gives up what was never finished: what killed
 * processes have left. Removes nothing when most objects are unknown, since then the database is another one's.
 */
export async function sweepObjects(parts: SweepParts, figures: SweepFigures): Promise<void> {
  const { store, blobs, clock, log, mayGoOn } = parts;
  const sealedBefore = clock.now() - unownedMs;
  const rows = () =>
    allRows(
      (page: Page) => store.inspection.listBlobs(page),
      ({ locator }) => locator,
    );
  const inspectLocator = inspectFile(store);
  const mismatch = await surveyMismatch({
    rows: rows(),
    files: blobs.list(),
    inspectLocator,
    sealedBefore,
    yieldLoop: mayGoOn,
  });
  const reason = reasonAgainstRemoval(mismatch);
  if (reason !== undefined) return log.error({ reason }, 'the sweep of the bucket changed nothing, run mcrsrv fsck');
  let seen = 0;
  for await (const { row, file } of matchFiles(rows(), blobs.list())) {
    seen += 1;
    if (seen % objectsPerSlice === 0) await mayGoOn();
    if (row !== undefined || file === undefined || file.sealedAt >= sealedBefore) continue;
    const { locator, size } = file;
    if (!(await store.gc.sweep({ locator, size, kind: 'orphan', now: clock.now() }))) continue;
    figures.objects += 1;
    figures.bytes += size;
    log.warn({ locator }, 'found an object that no blob owned, and put it into the trash');
  }
  figures.uploads += await blobs.abortUnfinished(clock.now() - unfinishedMs);
}
