import { parseDigest } from '@mcr/core';
import { deleteBlob } from '../services/blobs/delete.ts';
import { emptyResponse } from './json.ts';
import type { RepositoryRequest } from './route.ts';

/** `DELETE /v2/<name>/blobs/<digest>` (end-10). */
export async function deleteBlobRoute({ c, services, caller, name }: RepositoryRequest): Promise<Response> {
  await deleteBlob(services, caller, name, parseDigest(c.req.param('digest') ?? ''));
  return emptyResponse(202, {});
}
