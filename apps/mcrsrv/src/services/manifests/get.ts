import { formatReference, type Reference, type RepositoryName } from '@mcr/core';
import type { ManifestContent, ManifestRecord } from '@mcr/db';
import { actorOf, type Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize, authorizeAny, headActions } from '../policy/authorize.ts';
import { readWhole } from './damage.ts';

export type { ManifestRecord };

/**
 * A manifest with its bytes (distribution-spec, end-3); audited as a pull. `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`, also for
 * one whose bytes are damaged, which is taken out of service.
 */
export async function getManifest(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
  reference: Reference,
): Promise<ManifestContent> {
  await authorize(context, caller, 'registry:pull', repository);
  const manifest = await readWhole(context, () => context.store.manifests.get(repository, reference));
  const tag = reference.kind === 'tag' ? reference.tag : undefined;
  context.lastPulls.note(caller, { repository, digest: manifest.digest, tag });
  await context.audit.queue({
    type: 'manifest_pulled',
    at: context.clock.now(),
    actor: actorOf(caller),
    repository,
    digest: manifest.digest,
    details: {
      reference: formatReference(reference),
      ...(caller.userAgent !== undefined && { user_agent: caller.userAgent }),
    },
  });
  return manifest;
}

/**
 * What a manifest is, without its bytes (distribution-spec, end-3, HEAD), which it does not read: it agrees with a GET
 * once damage was found. Allowed to accounts that may pull or push. By tag it counts as the last pull for those that may pull:
 * container engines that have the image ask no more. `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`.
 */
export async function statManifest(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
  reference: Reference,
): Promise<ManifestRecord> {
  const allowed = await authorizeAny(context, caller, headActions, repository);
  const manifest = await readWhole(context, () => context.store.manifests.stat(repository, reference));
  if (reference.kind === 'tag' && allowed === 'registry:pull') {
    context.lastPulls.note(caller, { repository, digest: manifest.digest, tag: reference.tag });
  }
  return manifest;
}
