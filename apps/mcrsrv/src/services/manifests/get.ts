import { type Digest, formatReference, type Reference, type RepositoryName } from '@mcr/core';
import type { ManifestContent, ManifestRecord, Versions } from '@mcr/db';
import { actorOf, type Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize, authorizeAny, headActions } from '../policy/authorize.ts';
import { readWhole } from './damage.ts';

export type { ManifestRecord, Versions };

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
  await recordPull(context, caller, { repository, reference, digest: manifest.digest });
  return manifest;
}

/** What was read, and by which name. */
export interface PulledManifest {
  readonly repository: RepositoryName;
  readonly reference: Reference;
  readonly digest: Digest;
}

/** Audits the GET of a manifest and notes it as the last pull. Waits only while the audit log lags behind. */
export async function recordPull(
  { audit, clock, lastPulls }: Pick<ServiceContext, 'audit' | 'clock' | 'lastPulls'>,
  caller: Caller,
  { repository, reference, digest }: PulledManifest,
): Promise<void> {
  lastPulls.note(caller, { repository, digest, tag: reference.kind === 'tag' ? reference.tag : undefined });
  await audit.queue({
    type: 'manifest_pulled',
    at: clock.now(),
    actor: actorOf(caller),
    repository,
    digest,
    details: {
      reference: formatReference(reference),
      ...(caller.userAgent !== undefined && { user_agent: caller.userAgent }),
    },
  });
}

/**
 * What a manifest is, without its bytes (distribution-spec, end-3, HEAD), which it does not read: it agrees with a GET
 * once damage was found. Allowed to accounts that may pull or push. By tag it counts as the last pull for those that may pull:
 * container engines that have the image ask no more; `mayPull` says so. `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`.
 */
export async function statManifest(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
  reference: Reference,
): Promise<{ readonly manifest: ManifestRecord; readonly mayPull: boolean }> {
  const mayPull = (await authorizeAny(context, caller, headActions, repository)) === 'registry:pull';
  const manifest = await readWhole(context, () => context.store.manifests.stat(repository, reference));
  if (mayPull) recordLook(context, caller, { repository, reference, digest: manifest.digest });
  return { manifest, mayPull };
}

/** Notes a HEAD by tag of a caller that may pull as the last pull. */
export function recordLook(
  { lastPulls }: Pick<ServiceContext, 'lastPulls'>,
  caller: Caller,
  { repository, reference, digest }: PulledManifest,
): void {
  if (reference.kind === 'tag') lastPulls.note(caller, { repository, digest, tag: reference.tag });
}
