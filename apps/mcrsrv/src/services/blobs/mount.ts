import type { Digest, RepositoryName } from '@mcr/core';
import type { BlobRecord } from '@mcr/db';
import { actorOf, type Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize, isAllowed } from '../policy/authorize.ts';

/**
 * Brings a blob of another repository into this one without sending it (distribution-spec, end-11). `undefined` when it
 * cannot be done, for whatever reason, and the client shall upload: a source that the caller may not pull from looks
 * like one that lacks the blob. Without a source the repository itself is asked.
 */
export async function mountBlob(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
  digest: Digest,
  from: RepositoryName | undefined,
): Promise<BlobRecord | undefined> {
  await authorize(context, caller, 'registry:push', repository);
  const source = from ?? repository;
  if (!(await isAllowed(context, caller, 'registry:pull', source))) return undefined;
  const now = context.clock.now();
  const until = now + context.settings.gracePeriod;
  return await context.store.blobs.mount({
    from: source,
    repository,
    digest,
    leasedUntil: until,
    reviewAfter: until,
    actor: actorOf(caller),
    now,
  });
}
