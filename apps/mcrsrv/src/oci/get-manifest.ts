import { parseReference } from '@mcr/core';
import { getManifest, statManifest } from '../services/manifests/get.ts';
import type { ManifestRecord } from '../services/records.ts';
import { emptyResponse } from './json.ts';
import type { RepositoryRequest } from './route.ts';

/** `GET` and `HEAD /v2/<name>/manifests/<reference>` (end-3): the bytes as pushed, whatever `Accept` says. */
export async function getManifestRoute({ c, services, caller, name }: RepositoryRequest): Promise<Response> {
  const reference = parseReference(c.req.param('reference') ?? '');
  if (c.req.method === 'HEAD') {
    return emptyResponse(200, headersOf(await statManifest(services, caller, name, reference)));
  }
  const manifest = await getManifest(services, caller, name, reference);
  return new Response(manifest.content as Uint8Array<ArrayBuffer>, { status: 200, headers: headersOf(manifest) });
}

function headersOf(manifest: ManifestRecord): Record<string, string> {
  return {
    'Content-Type': manifest.mediaType,
    'Content-Length': String(manifest.size),
    'Docker-Content-Digest': manifest.digest,
    ETag: `"${manifest.digest}"`,
    'X-Content-Type-Options': 'nosniff',
  };
}
