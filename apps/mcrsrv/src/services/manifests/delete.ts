import { type Reference, RegistryError, type RepositoryName } from '@mcr/core';
import { actorOf, type Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';

/**
 * Deletes a manifest with all its tags or, where the operator allows it, a single tag (distribution-spec, end-9).
 * Throws `UNSUPPORTED` for a tag where tags cannot be deleted, `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`.
 */
export async function deleteManifest(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
  reference: Reference,
): Promise<void> {
  await authorize(context, caller, 'registry:delete', repository);
  const now = context.clock.now();
  const change = { repository, reviewAfter: now + context.settings.gracePeriod, actor: actorOf(caller), now };
  if (reference.kind === 'digest') {
    await context.store.manifests.delete({ ...change, digest: reference.digest });
    return;
  }
  if (!context.settings.tagDelete) {
    throw new RegistryError('UNSUPPORTED', 'Tags cannot be deleted here; delete the manifest by its digest', {
      detail: { tag: reference.tag, setting: 'storage.tag_delete' },
      allowedMethods: ['GET', 'HEAD', 'PUT'],
    });
  }
  await context.store.tags.delete({ ...change, tag: reference.tag });
}
