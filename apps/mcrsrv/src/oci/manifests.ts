import { maxManifestSize, parseReference, parseTag, type Reference, RegistryError, type Tag } from '@mcr/core';
import { readWhole } from '@mcr/server-kit';
import type { Context } from 'hono';
import type { AppEnv } from '../http/env.ts';
import { respond } from '../http/respond.ts';
import { deleteManifest } from '../services/manifests/delete.ts';
import { getManifest, statManifest } from '../services/manifests/get.ts';
import { putManifest } from '../services/manifests/put.ts';
import { manifestHeaders } from './content-headers.ts';
import { manifestPath } from './paths.ts';
import type { RepositoryRequest, RepositoryRoute } from './route.ts';

/**
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#deleting-manifests
 */
export const manifestRoutes: readonly RepositoryRoute[] = [
  ['GET', manifestPath, pullManifest], // end-3
  ['PUT', manifestPath, pushManifest], // end-7a, end-7b
  ['DELETE', manifestPath, removeManifest], // end-9
];

/** More tags than any release has names for; the spec asks for at least ten. */
const maxTagsPerPush = 64;

/** The bytes as pushed, whatever `Accept` says. */
async function pullManifest(request: RepositoryRequest): Promise<Response> {
  const { c, services, caller, name, quickPulls } = request;
  const { incoming } = c.env;
  const reference = referenceOf(request);
  if (c.req.method === 'HEAD') {
    const { manifest, mayPull } = await statManifest(services, caller, name, reference);
    const headers = manifestHeaders(manifest);
    const { digest, mediaType } = manifest;
    if (mayPull) quickPulls?.keep(incoming, caller, name, { reference, digest, mediaType, headers });
    return respond(c, 200, headers);
  }
  const { digest, content, ...record } = await getManifest(services, caller, name, reference);
  const headers = manifestHeaders({ digest, ...record });
  const { mediaType } = record;
  quickPulls?.keep(incoming, caller, name, { reference, digest, mediaType, headers, content });
  return respond(c, 200, headers, content);
}

/** Stores a manifest; `?tag=` sets tags beside a push by digest (end-7b). */
async function pushManifest(request: RepositoryRequest): Promise<Response> {
  const { c, services, caller, locations, name } = request;
  const reference = referenceOf(request);
  const tags = tagsOf(c, reference);
  const { digest, subject } = await putManifest(services, caller, {
    repository: name,
    reference,
    tags,
    contentType: c.req.header('content-type'),
    readContent: (count) => readWhole(c.env, { what: 'A manifest', limit: maxManifestSize, count }),
  });
  return respond(c, 201, {
    ...locations.manifest(name, digest),
    ...(subject !== undefined && { 'OCI-Subject': subject }),
    ...(tags.length > 0 && { 'OCI-Tag': tags.join(', ') }),
  });
}

async function removeManifest(request: RepositoryRequest): Promise<Response> {
  await deleteManifest(request.services, request.caller, request.name, referenceOf(request));
  return respond(request.c, 202, {});
}

function referenceOf({ c }: RepositoryRequest): Reference {
  return parseReference(c.req.param('reference') ?? '');
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
