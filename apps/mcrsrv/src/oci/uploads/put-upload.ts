import { RegistryError } from '@mcr/core';
import { finishUpload } from '../../services/uploads/finish.ts';
import type { RepositoryRequest } from '../route.ts';
import { blobCreated, digestParameter, partOf, targetOf, writing } from './request.ts';

/** `PUT /v2/<name>/blobs/uploads/<id>?digest=<digest>` (end-6), with the last part, the whole blob, or no body. */
export async function putUpload(request: RepositoryRequest): Promise<Response> {
  const { c, services, caller } = request;
  const digest = digestParameter(c, 'digest');
  if (digest === undefined)
    throw new RegistryError('DIGEST_INVALID', 'The query must name the digest: ?digest=sha256:<hex>');
  const finish = () => finishUpload(services, caller, targetOf(request), digest, partOf(c));
  return blobCreated(request, await writing(request, finish));
}
