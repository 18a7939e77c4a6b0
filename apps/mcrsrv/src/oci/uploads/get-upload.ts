import { uploadStatus } from '../../services/uploads/status.ts';
import type { RepositoryRequest } from '../route.ts';
import { targetOf, uploadResponse } from './request.ts';

/** `GET /v2/<name>/blobs/uploads/<id>` (end-13). */
export async function getUpload(request: RepositoryRequest): Promise<Response> {
  return uploadResponse(request, 204, await uploadStatus(request.services, request.caller, targetOf(request)));
}
