import {
  type Digest,
  digestOf,
  isRepositoryName,
  parseContentRange,
  parseDigest,
  RegistryError,
  type RepositoryName,
} from '@mcr/core';
import { bodyLength, freeChunks, readBody } from '@mcr/server-kit';
import type { Context } from 'hono';
import type { AppEnv } from '../http/env.ts';
import { respond } from '../http/respond.ts';
import { mountBlob } from '../services/blobs/mount.ts';
import { appendToUpload } from '../services/uploads/append.ts';
import { cancelUpload } from '../services/uploads/cancel.ts';
import type { UploadTarget } from '../services/uploads/find.ts';
import { finishUpload } from '../services/uploads/finish.ts';
import { pushWholeBlob } from '../services/uploads/push-whole.ts';
import { startUpload } from '../services/uploads/start.ts';
import { uploadStatus } from '../services/uploads/status.ts';
import type { UploadPart } from '../services/uploads/write.ts';
import type { RepositoryRequest, RepositoryRoute } from './route.ts';

/**
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-blobs
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#mounting-a-blob-from-another-repository
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#cancel-a-blob-upload
 */
export const uploadRoutes: readonly RepositoryRoute[] = [
  ['POST', 'blobs/uploads', postUpload], // end-4a, end-4b, end-4c, end-11
  ['POST', 'blobs/uploads/', postUpload], // end-4a, end-4b, end-4c, end-11
  ['GET', 'blobs/uploads/:upload', getUpload], // end-13
  ['PATCH', 'blobs/uploads/:upload', patchUpload], // end-5
  ['PUT', 'blobs/uploads/:upload', putUpload], // end-6
  ['DELETE', 'blobs/uploads/:upload', deleteUpload], // end-14
];

const emptyDigests: ReadonlySet<Digest> = new Set([digestOf(''), digestOf('', 'sha512')]);

/**
 * Mounts (end-11), takes a whole blob (end-4b) or opens a session (end-4a). What cannot be mounted becomes a session:
 * clients give up on any other response.
 */
async function postUpload({ c, services, caller, locations, name }: RepositoryRequest): Promise<Response> {
  const mount = digestParameter(c, 'mount');
  const digest = digestParameter(c, 'digest');
  checkAlgorithm(c.req.query('digest-algorithm'));
  if (mount !== undefined) {
    const from = sourceOf(c.req.queries('from'));
    const mounted = from === 'unusable' ? undefined : await mountBlob(services, caller, name, mount, from);
    if (mounted !== undefined) return respond(c, 201, locations.blob(name, mounted.digest));
  } else if (digest !== undefined && (bodyLength(c.env.incoming) !== 0 || emptyDigests.has(digest))) {
    const pushed = await pushWholeBlob(services, caller, name, digest, partOf(c));
    return respond(c, 201, locations.blob(name, pushed.digest));
  }
  return respond(c, 202, locations.upload(await startUpload(services, caller, name)));
}

/** How much of an upload has come. */
async function getUpload(request: RepositoryRequest): Promise<Response> {
  const { c, services, caller, locations } = request;
  return respond(c, 204, locations.upload(await uploadStatus(services, caller, targetOf(request))));
}

/** Takes a chunk with Content-Range, or a stream of any length without. */
async function patchUpload(request: RepositoryRequest): Promise<Response> {
  const { c, services, caller, locations } = request;
  return respond(c, 202, locations.upload(await appendToUpload(services, caller, targetOf(request), partOf(c))));
}

/** Closes an upload, with the last part, the whole blob, or no body. */
async function putUpload(request: RepositoryRequest): Promise<Response> {
  const { c, services, caller, locations, name } = request;
  const digest = digestParameter(c, 'digest');
  if (digest === undefined)
    throw new RegistryError('DIGEST_INVALID', 'The query must name the digest: ?digest=sha256:<hex>');
  const blob = await finishUpload(services, caller, targetOf(request), digest, partOf(c));
  return respond(c, 201, locations.blob(name, blob.digest));
}

async function deleteUpload(request: RepositoryRequest): Promise<Response> {
  await cancelUpload(request.services, request.caller, targetOf(request));
  return respond(request.c, 204, {});
}

/** The upload that a request's path names. */
function targetOf({ c, name }: RepositoryRequest): UploadTarget {
  return { repository: name, id: c.req.param('upload') ?? '' };
}

/** The request's body as a part of an upload. `RANGE_INVALID` for a malformed Content-Range. */
function partOf(c: Context<AppEnv>): UploadPart {
  const { incoming } = c.env;
  const range = c.req.header('content-range');
  const length = bodyLength(incoming);
  return {
    ...(range !== undefined && { range: parseContentRange(range) }),
    ...(length !== undefined && { length }),
    source: readBody(c.env),
    release: freeChunks,
    cancel: (reason) => incoming.destroy(reason),
  };
}

/** A digest in the query; `DIGEST_INVALID` when it is malformed, or there twice. */
function digestParameter(c: Context<AppEnv>, name: 'digest' | 'mount'): Digest | undefined {
  const values = c.req.queries(name) ?? [];
  if (values.length > 1) throw new RegistryError('DIGEST_INVALID', `Duplicate query parameter "${name}"`);
  return values[0] === undefined ? undefined : parseDigest(values[0]);
}

/** The repository to mount from. */
function sourceOf(values: readonly string[] | undefined): RepositoryName | undefined | 'unusable' {
  const [from, ...more] = values ?? [];
  if (from === undefined) return undefined;
  return more.length === 0 && isRepositoryName(from) ? from : 'unusable';
}

/** end-4c: a hint for the hash to come. Both algorithms are verified either way. */
function checkAlgorithm(algorithm: string | undefined): void {
  if (algorithm === undefined || algorithm === 'sha256' || algorithm === 'sha512') return;
  throw new RegistryError('DIGEST_INVALID', 'digest-algorithm must be sha256 or sha512', {
    detail: { algorithm: algorithm.slice(0, 64) },
  });
}
