import type { Digest, RepositoryName } from '@mcr/core';
import type { BlobRecord } from '@mcr/db';
import type { OpenBlob } from '@mcr/storage';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';
import { openBytes } from './bytes.ts';
import { recheckBlob } from './recheck-blob.ts';
import { blobUnknown } from './stat.ts';

/** A blob's record with its bytes opened; the caller must stream or close them. */
export interface OpenedBlob {
  readonly record: BlobRecord;
  readonly content: OpenBlob;
}

/**
 * Opens a blob of the repository for reading (distribution-spec, end-2). Damaged bytes are an operator's problem: the
 * blob is taken out of service, the client gets `BLOB_UNKNOWN`, and a new push heals it.
 */
export async function openBlob(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
  digest: Digest,
): Promise<OpenedBlob> {
  await authorize(context, caller, 'registry:pull', repository);
  const record = await context.store.findBlob(repository, digest, context.clock.now());
  if (record === undefined) {
    await recheckBlob(context, repository, digest);
    throw blobUnknown(digest);
  }
  const content = await openBytes(context, record);
  if (content === undefined) throw blobUnknown(digest);
  return { record, content };
}
