import type { Digest, RepositoryName } from '@mcr/core';
import { actorOf, type Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';

/** Takes a blob out of the repository at once; its bytes are garbage collection's. `NAME_UNKNOWN`, `BLOB_UNKNOWN`. */
export async function deleteBlob(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
  digest: Digest,
): Promise<void> {
  await authorize(context, caller, 'registry:delete', repository);
  const now = context.clock.now();
  const reviewAfter = now + context.settings.gracePeriod;
  await context.store.blobs.delete({ repository, digest, reviewAfter, actor: actorOf(caller), now });
}
