import { parseReference } from '@mcr/core';
import { answer } from '../http/answer.ts';
import { getManifest, statManifest } from '../services/manifests/get.ts';
import type { ManifestRecord } from '../services/records.ts';
import type { RepositoryRequest } from './route.ts';

/** `GET` and `HEAD /v2/<name>/manifests/<reference>` (end-3): the bytes as pushed, whatever `Accept` says. */
export async function getManifestRoute({ c, services, caller, name }: RepositoryRequest): Promise<Response> {
  const reference = parseReference(c.req.param('reference') ?? '');
  if (c.req.method === 'HEAD') {
    return answer(c, 200, headersOf(await statManifest(services, caller, name, reference)));
  }
  const manifest = await getManifest(services, caller, name, reference);
  return answer(c, 200, headersOf(manifest), manifest.content);
}

function headersOf(manifest: ManifestRecord): Record<string, string | number> {
  return {
    'Content-Type': manifest.mediaType,
    'Content-Length': manifest.size,
    'Docker-Content-Digest': manifest.digest,
    ETag: `"${manifest.digest}"`,
    'X-Content-Type-Options': 'nosniff',
  };
}
