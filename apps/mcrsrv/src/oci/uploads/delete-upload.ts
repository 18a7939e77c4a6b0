import { cancelUpload } from '../../services/uploads/cancel.ts';
import { emptyResponse } from '../json.ts';
import type { RepositoryRequest } from '../route.ts';
import { targetOf } from './request.ts';

/** `DELETE /v2/<name>/blobs/uploads/<id>` (end-14). */
export async function deleteUpload(request: RepositoryRequest): Promise<Response> {
  await cancelUpload(request.services, request.caller, targetOf(request));
  return emptyResponse(204, {});
}
