import { type ByteRange, type Digest, parseByteRange, parseDigest, RegistryError } from '@mcr/core';
import type { Context } from 'hono';
import type { AppEnv } from '../http/env.ts';
import { openBlob } from '../services/blobs/open.ts';
import { statBlob } from '../services/blobs/stat.ts';
import type { BlobRecord } from '../services/records.ts';
import { emptyResponse } from './json.ts';
import type { RepositoryRequest } from './route.ts';

/** `GET` and `HEAD /v2/<name>/blobs/<digest>` (end-2), with ranges (RFC 9110 section 14) on GET. */
export async function getBlob({ c, services, caller, name }: RepositoryRequest): Promise<Response> {
  const digest = parseDigest(c.req.param('digest') ?? '');
  if (c.req.method === 'HEAD') {
    const blob = await statBlob(services, caller, name, digest);
    return emptyResponse(200, { ...headersOf(blob), 'Content-Length': String(blob.size) });
  }
  // A connection that breaks is the only sign that is left once the headers are on their way.
  const onBroken = () => c.env.outgoing.destroy();
  const { record, content } = await openBlob(services, caller, name, digest, onBroken);
  // RFC 9110 section 13.2.2: what the client has already comes before what part of it it asks for.
  if (isCached(c, digest)) {
    await content.close();
    return new Response(null, { status: 304, headers: headersOf(record) });
  }
  const range = rangeOf(c, record);
  if (range.kind === 'span') {
    return new Response(content.stream(range), {
      status: 206,
      headers: {
        ...headersOf(record),
        'Content-Length': String(range.end - range.start + 1),
        'Content-Range': `bytes ${range.start}-${range.end}/${record.size}`,
      },
    });
  }
  if (range.kind === 'whole') {
    return new Response(content.stream(), {
      status: 200,
      headers: { ...headersOf(record), 'Content-Length': String(record.size) },
    });
  }
  await content.close();
  throw new RegistryError('RANGE_UNSATISFIABLE', `The blob has ${record.size} bytes`, {
    detail: { size: record.size },
    headers: { 'Content-Range': `bytes */${record.size}` },
  });
}

/** A digest names its bytes forever, so caches need not ask again. The sandbox is for browsers that open the URL. */
function headersOf({ digest }: BlobRecord): Record<string, string> {
  return {
    'Content-Type': 'application/octet-stream',
    'Docker-Content-Digest': digest,
    'Accept-Ranges': 'bytes',
    ETag: `"${digest}"`,
    'Cache-Control': 'private, max-age=31536000, immutable',
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "sandbox; default-src 'none'",
  };
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
