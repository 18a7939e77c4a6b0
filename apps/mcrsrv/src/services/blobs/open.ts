import type { Digest, RepositoryName } from '@mcr/core';
import type { BlobRecord } from '@mcr/db';
import type { ByteSpan, OpenBlob } from '@mcr/storage';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';
import { openBytes } from './bytes.ts';
import { recheckBlob } from './recheck-blob.ts';
import { blobUnknown } from './stat.ts';

export type { BlobRecord };

/** A blob of the repository that the caller may read (distribution-spec, end-2). `BLOB_UNKNOWN`. Opens nothing. */
export async function findBlob(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
  digest: Digest,
): Promise<BlobRecord> {
  await authorize(context, caller, 'registry:pull', repository);
  const record = await context.store.blobs.find(repository, digest, context.clock.now());
  if (record !== undefined) return record;
  await recheckBlob(context, repository, digest);
  throw blobUnknown(digest);
}

/**
 * Opens the bytes of a blob of the repository that {@link findBlob} returned; they must be read or closed. `span` is what
 * will be read, by default everything. Damaged bytes are
 * an operator's problem: the blob is taken out of service, the client gets `BLOB_UNKNOWN`, and a new push heals it.
 */
export async function openBlob(
  context: ServiceContext,
  repository: RepositoryName,
  record: BlobRecord,
  span?: ByteSpan,
): Promise<OpenBlob> {
  const content = (await openBytes(context, record, span)) ?? (await openElsewhere(context, repository, record, span));
  if (content === undefined) throw blobUnknown(record.digest);
  return content;
}

/** A push may have healed the blob since it was looked up: then its bytes have another locator. */
async function openElsewhere(
  context: ServiceContext,
  repository: RepositoryName,
  { digest, locator }: BlobRecord,
  span?: ByteSpan,
): Promise<OpenBlob | undefined> {
  const current = await context.store.blobs.find(repository, digest, context.clock.now());
  if (current === undefined || current.locator === locator) return undefined;
  return await openBytes(context, current, span);
}
