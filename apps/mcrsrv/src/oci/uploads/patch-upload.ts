import { appendToUpload } from '../../services/uploads/append.ts';
import type { RepositoryRequest } from '../route.ts';
import { partOf, targetOf, uploadResponse, writing } from './request.ts';

/** `PATCH /v2/<name>/blobs/uploads/<id>` (end-5): a chunk with Content-Range, or a stream of any length without. */
export async function patchUpload(request: RepositoryRequest): Promise<Response> {
  const { c, services, caller } = request;
  const append = () => appendToUpload(services, caller, targetOf(request), partOf(c));
  return uploadResponse(request, 202, await writing(request, append));
}
