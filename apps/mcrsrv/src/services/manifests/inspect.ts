import type { Reference, RepositoryName } from '@mcr/core';
import type { ManifestDetails } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize, seesEverything } from '../policy/authorize.ts';
import { configDigest, readConfig, readJson } from './config.ts';

/**
 * A manifest with its surroundings and its config, for people: no pull is audited. Whoever may not see all repositories
 * is told of no other that has a blob, too. `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`.
 */
export async function inspectManifest(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
  reference: Reference,
): Promise<ManifestDetails & { readonly config?: Uint8Array }> {
  await authorize(context, caller, 'registry:pull', repository);
  const details = await context.store.inspectManifest(repository, reference);
  const digest = configDigest(readJson(details.manifest.content));
  const config = digest === undefined ? undefined : await readConfig(context, repository, digest);
  const isOpen = await seesEverything(context, caller);
  const blobs = isOpen ? details.blobs : details.blobs.map((blob) => ({ ...blob, repositories: 1 }));
  return { ...details, blobs, ...(config !== undefined && { config }) };
}
