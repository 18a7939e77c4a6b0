import { maxManifestSize, parseReference, parseTag, type Reference, RegistryError, type Tag } from '@mcr/core';
import { readWhole } from '@mcr/server-kit';
import type { Context } from 'hono';
import type { AppEnv } from '../http/env.ts';
import { putManifest } from '../services/manifests/put.ts';
import { emptyResponse } from './json.ts';
import type { RepositoryRequest } from './route.ts';

/** More tags than any release has names for; the spec asks for at least ten. */
const maxTagsPerPush = 64;

/** `PUT /v2/<name>/manifests/<reference>` (end-7a, and end-7b with `?tag=`). */
export async function putManifestRoute({ c, services, caller, locations, name }: RepositoryRequest): Promise<Response> {
  const reference = parseReference(c.req.param('reference') ?? '');
  const tags = tagsOf(c, reference);
  const { digest, subject } = await putManifest(services, caller, {
    repository: name,
    reference,
    tags,
    contentType: c.req.header('content-type'),
    readContent: (count) => readWhole(c.env, { what: 'A manifest', limit: maxManifestSize, count }),
  });
  return emptyResponse(201, {
    Location: locations.manifest(name, digest),
    'Docker-Content-Digest': digest,
    ...(subject !== undefined && { 'OCI-Subject': subject }),
    ...(tags.length > 0 && { 'OCI-Tag': tags.join(', ') }),
  });
}

function tagsOf(c: Context<AppEnv>, reference: Reference): readonly Tag[] {
  const tags = [...new Set(c.req.queries('tag') ?? [])];
  if (tags.length === 0) return [];
  if (reference.kind === 'tag') throw new RegistryError('PARAMETER_INVALID', '?tag= goes with a push by digest only');
  if (tags.length > maxTagsPerPush) {
    throw new RegistryError('TOO_MANY_TAGS', `One push sets at most ${maxTagsPerPush} tags`, {
      detail: { tags: tags.length },
    });
  }
  return tags.map(parseTag);
}
