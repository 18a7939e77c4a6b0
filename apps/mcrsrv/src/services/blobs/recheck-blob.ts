import type { Clock, Digest, RepositoryName } from '@mcr/core';
import type { BlobRecord, MetadataStore } from '@mcr/db';
import { BlobMissing, type BlobStore } from '@mcr/storage';
import type { Logger } from 'pino';
import type { Rechecks } from '../rechecks.ts';
import { isDamage } from './bytes.ts';
import { digestOfBytes } from './digest-of-bytes.ts';

interface Parts {
  readonly store: MetadataStore;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly log: Logger;
}

/** To see that there is no file of its size costs next to nothing, milliseconds. */
const restWithoutFile = 5_000;
/** To read a file costs what the blob is large. */
const restAfterReading = 600_000;

/**
 * Has a blob looked at again that a client misses, if it is in quarantine: a disk that was away may be back, or an operator
 * has restored the file. The request does not wait for it.
 */
export async function recheckBlob(
  context: Parts & { readonly rechecks: Rechecks },
  repository: RepositoryName,
  digest: Digest,
): Promise<void> {
  const record = await context.store.blobs.findQuarantined(repository, digest, context.clock.now());
  if (record === undefined) return;
  context.rechecks.ask(record.digest, async (signal) => {
    try {
      const actual = await digestOfBytes(context.blobs, record, () => signal.throwIfAborted());
      if (actual !== digest) return restAfterReading;
      await releaseBlob(context, record);
      return 0;
    } catch (error) {
      if (error instanceof BlobMissing) return restWithoutFile;
      if (isDamage(error)) return restAfterReading;
      throw error;
    }
  });
}

/** Puts a blob back into service whose bytes were found to be right. */
export async function releaseBlob({ store, clock, log }: Parts, { digest, locator }: BlobRecord): Promise<void> {
  const released = await store.blobs.release({ digest, locator, actor: {}, now: clock.now() });
  if (released) log.warn({ digest, locator }, 'blob bytes are right again, it is back in service');
}
