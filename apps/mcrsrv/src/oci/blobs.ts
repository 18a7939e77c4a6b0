import { type ByteRange, type Digest, parseByteRange, parseDigest, RegistryError } from '@mcr/core';
import type { Context } from 'hono';
import type { AppEnv } from '../http/env.ts';
import { respond, respondStream } from '../http/respond.ts';
import { deleteBlob } from '../services/blobs/delete.ts';
import { type BlobRecord, findBlob, openBlob } from '../services/blobs/open.ts';
import { redirectBlob } from '../services/blobs/redirect.ts';
import { statBlob } from '../services/blobs/stat.ts';
import { blobHeaders } from './content-headers.ts';
import { multipartRanges } from './multipart-ranges.ts';
import { blobPath } from './paths.ts';
import type { RepositoryRequest, RepositoryRoute } from './route.ts';

/**
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-blobs
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#deleting-blobs
 */
export const blobRoutes: readonly RepositoryRoute[] = [
  ['GET', blobPath, getBlob], // end-2
  ['DELETE', blobPath, removeBlob], // end-10
];

/** With ranges on GET: https://www.rfc-editor.org/rfc/rfc9110#section-14 */
async function getBlob({ c, services, caller, name, quickPulls }: RepositoryRequest): Promise<Response> {
  const digest = parseDigest(c.req.param('digest') ?? '');
  if (c.req.method === 'HEAD') {
    const { blob, mayPull } = await statBlob(services, caller, name, digest);
    if (mayPull) quickPulls?.keep(c.env.incoming, caller, name);
    return respond(c, 200, { ...blobHeaders(digest), 'Content-Length': blob.size });
  }
  const record = await findBlob(services, caller, name, digest);
  // RFC 9110 section 13.2.2: what the client has already comes before the part of it that it asks for.
  if (isCached(c, digest)) return respond(c, 304, blobHeaders(digest));
  const range = rangeOf(c, record);
  if (range.kind === 'unsatisfiable') {
    const { size } = record;
    const options = { detail: { size }, contentSize: size };
    throw new RegistryError('RANGE_UNSATISFIABLE', `The blob has ${size} bytes`, options);
  }
  const target = await redirectBlob(services, record);
  if (target !== undefined) {
    return respond(c, 307, { Location: target, 'Docker-Content-Digest': digest, 'Cache-Control': 'no-store' });
  }
  if (range.kind === 'whole') quickPulls?.keep(c.env.incoming, caller, name);
  const content = await openBlob(services, name, record, range.kind === 'span' ? range : undefined);
  if (range.kind === 'whole') {
    const headers = { ...blobHeaders(digest), 'Content-Length': record.size };
    return await respondStream(c, 200, headers, (take) => content.pipe(take));
  }
  if (range.kind === 'span') {
    const headers = {
      ...blobHeaders(digest),
      'Content-Length': range.end - range.start + 1,
      'Content-Range': `bytes ${range.start}-${range.end}/${record.size}`,
    };
    return await respondStream(c, 206, headers, (take) => content.pipe(take, range));
  }
  const { contentType, length, parts, end } = multipartRanges(range.spans, record.size);
  const headers = { ...blobHeaders(digest), 'Content-Type': contentType, 'Content-Length': length };
  return await respondStream(c, 206, headers, async (take) => {
    await content.pipeParts(take, parts);
    await take(end);
  });
}

async function removeBlob({ c, services, caller, name }: RepositoryRequest): Promise<Response> {
  await deleteBlob(services, caller, name, parseDigest(c.req.param('digest') ?? ''));
  return respond(c, 202, {});
}

function rangeOf(c: Context<AppEnv>, { digest, size }: BlobRecord): ByteRange {
  const condition = c.req.header('if-range');
  if (condition !== undefined && condition !== `"${digest}"`) return { kind: 'whole' };
  return parseByteRange(c.req.header('range'), size);
}

function isCached(c: Context<AppEnv>, digest: Digest): boolean {
  const known = c.req.header('if-none-match');
  return (
    known !== undefined &&
    (known === '*' || known.split(',').some((tag) => tag.trim().replace(/^W\//, '') === `"${digest}"`))
  );
}
