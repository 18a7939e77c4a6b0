import { randomUUID } from 'node:crypto';
import type { RepositoryName } from '@mcr/core';
import type { UploadRecord } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../policy/authorize.ts';
import { requireSpace } from '../space/free-space.ts';

/**
 * Opens an upload session that belongs to the caller and the repository (distribution-spec, end-4a). Throws
 * `TOOMANYREQUESTS` when the caller has too much under way.
 */
export async function startUpload(
  context: ServiceContext,
  caller: Caller,
  repository: RepositoryName,
): Promise<UploadRecord> {
  await authorize(context, caller, 'registry:push', repository);
  await requireSpace(context);
  const createdBy = caller.principal.id;
  const limits = await context.limits.uploads.begin(createdBy);
  const now = context.clock.now();
  return await context.store.uploads.create({ id: randomUUID(), repository, createdBy, ...limits, now });
}
