import type { Reference, RepositoryName } from '@mcr/core';
import type { ListedManifest, ManifestDetails } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize, seesEverything } from '../policy/authorize.ts';
import { configDigest, readConfig, readJson } from './config.ts';
import { isWhole, readWhole } from './damage.ts';

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
  const details = await readWhole(context, () => context.store.inspectManifest(repository, reference));
  const referrers: ListedManifest[] = [];
  for (const referrer of details.referrers) if (await isWhole(context, repository, referrer)) referrers.push(referrer);
  const digest = configDigest(readJson(details.manifest.content));
  const config = digest === undefined ? undefined : await readConfig(context, repository, digest);
  const isOpen = await seesEverything(context, caller);
  const blobs = isOpen ? details.blobs : details.blobs.map((blob) => ({ ...blob, repositories: 1 }));
  return { ...details, referrers, blobs, ...(config !== undefined && { config }) };
}
