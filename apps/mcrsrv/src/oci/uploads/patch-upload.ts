import { appendToUpload } from '../../services/uploads/append.ts';
import type { RepositoryRequest } from '../route.ts';
import { partOf, targetOf, uploadResponse } from './request.ts';

/** `PATCH /v2/<name>/blobs/uploads/<id>` (end-5): a chunk with Content-Range, or a stream of any length without. */
export async function patchUpload(request: RepositoryRequest): Promise<Response> {
  const { c, services, caller } = request;
  return uploadResponse(202, await appendToUpload(services, caller, targetOf(request), partOf(c)));
}
