import { parseReference } from '@mcr/core';
import { deleteManifest } from '../services/manifests/delete.ts';
import { emptyResponse } from './json.ts';
import type { RepositoryRequest } from './route.ts';

/** `DELETE /v2/<name>/manifests/<reference>` (end-9). */
export async function deleteManifestRoute({ c, services, caller, name }: RepositoryRequest): Promise<Response> {
  await deleteManifest(services, caller, name, parseReference(c.req.param('reference') ?? ''));
  return emptyResponse(202, {});
}
