import type { Digest, RepositoryName } from '@mcr/core';
import { requireAdmin } from '../admin/require-admin.ts';
import { actorOf, type Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';

/** Deletes a manifest with all its tags. Admin only. `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`. */
export async function deleteManifestAsAdmin(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
  digest: Digest,
): Promise<void> {
  await requireAdmin(context, caller, 'delete manifest');
  const now = context.clock.now();
  const reviewAfter = now + context.settings.gracePeriod;
  await context.store.deleteManifest({ repository, digest, reviewAfter, actor: actorOf(caller), now });
}
