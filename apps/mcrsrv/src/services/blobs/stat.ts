import { type Digest, RegistryError, type RepositoryName } from '@mcr/core';
import type { BlobRecord } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorizeAny, headActions } from '../policy/authorize.ts';
import { recheckBlob } from './recheck-blob.ts';

/**
 * Says that a blob is in the repository (distribution-spec, end-2, HEAD), and claims it. Never touches the bytes. Allowed to accounts
 * that may pull or push; `mayPull` says which. `BLOB_UNKNOWN`.
 */
export async function statBlob(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
  digest: Digest,
): Promise<{ readonly blob: BlobRecord; readonly mayPull: boolean }> {
  const mayPull = (await authorizeAny(context, caller, headActions, repository)) === 'registry:pull';
  const blob = await claimBlob(context, repository, digest);
  if (blob === undefined) {
    await recheckBlob(context, repository, digest);
    throw blobUnknown(digest);
  }
  return { blob, mayPull };
}

/** Finds a blob for a client that may skip sending it then, so the repository's lease on it is extended. */
export function claimBlob(
  { store, clock, settings }: Pick<ServiceContext, 'store' | 'clock' | 'settings'>,
  repository: RepositoryName,
  digest: Digest,
): Promise<BlobRecord | undefined> {
  const now = clock.now();
  return store.blobs.claim({ repository, digest, leasedUntil: now + settings.gracePeriod, now });
}

/** The error for a blob that is not in the repository, whether or not another one has it. */
export function blobUnknown(digest: Digest): RegistryError {
  return new RegistryError('BLOB_UNKNOWN', 'The blob is not in this repository', { detail: { digest } });
}
