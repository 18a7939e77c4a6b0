import type { Digest, RepositoryName } from '@mcr/core';
import type { BlobRecord } from '@mcr/db';
import { BlobMissing, type OpenBlob } from '@mcr/storage';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';
import { blobUnknown } from './stat.ts';

/** A blob's record with its bytes opened; the caller must stream or close them. */
export interface OpenedBlob {
  readonly record: BlobRecord;
  readonly content: OpenBlob;
}

/**
 * Opens a blob of the repository for reading (distribution-spec, end-2). Bytes that are gone, or not as long as the
 * record says, are an operator's problem and logged; the client gets `BLOB_UNKNOWN`, and a new push heals it.
 */
export async function openBlob(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
  digest: Digest,
): Promise<OpenedBlob> {
  await authorize(context, caller, 'registry:pull', repository);
  const record = await context.store.findBlob(repository, digest, context.clock.now());
  if (record === undefined) throw blobUnknown(digest);
  try {
    return { record, content: await context.blobs.open(record.locator, record.size) };
  } catch (error) {
    if (!(error instanceof BlobMissing)) throw error;
    context.log.error({ err: error, digest, locator: record.locator }, 'blob bytes are missing or damaged');
    throw blobUnknown(digest);
  }
}
