import { type Account, type Digest, type Reference, RegistryError, type RepositoryName } from '@mcr/core';
import type { NewAccessToken } from './facets/tokens.ts';

/** Clients try again after this long, about five times: the most that they honor. */
const quotaRetryMs = 3_000;
/** How soon a client may send bytes again that were given up, milliseconds. */
const resendAfterMs = 1_000;

/** The error for a repository that does not exist. */
export function unknownRepository(name: RepositoryName): RegistryError {
  return new RegistryError('NAME_UNKNOWN', 'The repository does not exist', { detail: { name } });
}

/** The error for a manifest that is not in the repository. */
export function unknownManifest(reference: Reference): RegistryError {
  if (reference.kind === 'tag') {
    const { tag } = reference;
    return new RegistryError('MANIFEST_UNKNOWN', 'The tag is not in this repository', { detail: { tag } });
  }
  const { digest } = reference;
  return new RegistryError('MANIFEST_UNKNOWN', 'The manifest is not in this repository', { detail: { digest } });
}

/** The error for a token whose name another one of the account has. */
export function tokenNameTaken(
  id: string,
  { accountName, name }: Pick<NewAccessToken, 'accountName' | 'name'>,
): RegistryError {
  const message = `${accountName} has a token named ${name} already; rotate or revoke it`;
  return new RegistryError('CONFLICT', message, { detail: { id, name } });
}

/** The error for a token beyond those that an account may have. */
export function tooManyTokens(accountName: string, limit: number): RegistryError {
  const message = `${accountName} has ${limit} tokens, which is the limit; revoke one that is not used any more`;
  return new RegistryError('CONFLICT', message, { detail: { limit } });
}

/** The error for a manifest whose row went while it was read. */
export function goneManifest(): RegistryError {
  return new RegistryError('MANIFEST_UNKNOWN', 'The manifest is not in this repository');
}

/** The error for a manifest that names blobs which are not in its repository. */
export function missingBlobs(digests: readonly Digest[]): RegistryError {
  const message = 'The manifest names blobs that are not in this repository; push them first';
  return new RegistryError('MANIFEST_BLOB_UNKNOWN', message, { detail: digests.map((digest) => ({ digest })) });
}

/** The error for a blob that is not in the repository. */
export function unknownBlob(digest: Digest): RegistryError {
  return new RegistryError('BLOB_UNKNOWN', 'The blob is not in this repository', { detail: { digest } });
}

/** The error for an upload that is not there in the version that was expected. */
export function unknownUpload(): RegistryError {
  return new RegistryError('BLOB_UPLOAD_UNKNOWN', 'There is no such upload in this state; begin a new one');
}

/** The error for an account that has as many uploads open as it may. */
export function tooManyUploads(count: number): RegistryError {
  const message = `The account has ${count} uploads open; finish or cancel some of them first`;
  return new RegistryError('TOOMANYREQUESTS', message, { retryAfterMs: quotaRetryMs });
}

/** The error for bytes that are trash, or were, before they are put on record: what is trash never comes back. */
export function trashedBytes(): RegistryError {
  const message = 'The registry took too long to record the bytes, and has removed them; send them again';
  return new RegistryError('UNAVAILABLE', message, { retryAfterMs: resendAfterMs });
}

/** The error for tags that are not what they were when their deletion was planned. */
export function changedPlan(): RegistryError {
  return new RegistryError('CONFLICT', 'What the tags point to has changed since the plan was made; look again');
}

/** The error for tags whose deletion is more than one transaction should do. */
export function tooMuchAtOnce(what: string): RegistryError {
  return new RegistryError('PARAMETER_INVALID', `Deleting these tags would ${what}; delete fewer of them at a time`);
}

/** The error for an account that is to stop being an admin while no other is left. */
export function lastAdmin({ id, username }: Pick<Account, 'id' | 'username'>): RegistryError {
  return new RegistryError(
    'CONFLICT',
    `${username} is the last enabled account with the role admin; give another account the role first`,
    { detail: { id } },
  );
}

/** The error for a name that another account has. */
export function nameTaken(username: string): RegistryError {
  return new RegistryError('CONFLICT', 'An account of this name exists already', { detail: { username } });
}

/** The error for a run that is to end and is not there. */
export function unknownRun(id: string): RegistryError {
  return new RegistryError('NOT_FOUND', 'There is no such garbage collection', { detail: { id } });
}

/** The error for a page of runs that starts before one that is not there. */
export function unknownPlace(before: string): RegistryError {
  return new RegistryError('PARAMETER_INVALID', 'The garbage collection that the page starts before does not exist', {
    detail: { before },
  });
}
