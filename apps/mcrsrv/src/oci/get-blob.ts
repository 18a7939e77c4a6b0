import { type ByteRange, type Digest, parseByteRange, parseDigest, RegistryError } from '@mcr/core';
import type { Context } from 'hono';
import { answer, answerInPieces } from '../http/answer.ts';
import type { AppEnv } from '../http/env.ts';
import { findBlob, openBlob } from '../services/blobs/open.ts';
import { statBlob } from '../services/blobs/stat.ts';
import type { BlobRecord } from '../services/records.ts';
import { multipartRanges } from './multipart-ranges.ts';
import type { RepositoryRequest } from './route.ts';

/** `GET` and `HEAD /v2/<name>/blobs/<digest>` (end-2), with ranges (RFC 9110 section 14) on GET. */
export async function getBlob({ c, services, caller, name }: RepositoryRequest): Promise<Response> {
  const digest = parseDigest(c.req.param('digest') ?? '');
  if (c.req.method === 'HEAD') {
    const blob = await statBlob(services, caller, name, digest);
    return answer(c, 200, { ...headersOf(blob), 'Content-Length': blob.size });
  }
  const record = await findBlob(services, caller, name, digest);
  // RFC 9110 section 13.2.2: what the client has already comes before what part of it it asks for.
  if (isCached(c, digest)) return new Response(null, { status: 304, headers: headersOf(record) });
  const range = rangeOf(c, record);
  if (range.kind === 'unsatisfiable') {
    throw new RegistryError('RANGE_UNSATISFIABLE', `The blob has ${record.size} bytes`, {
      detail: { size: record.size },
      headers: { 'Content-Range': `bytes */${record.size}` },
    });
  }
  const content = await openBlob(services, record);
  if (range.kind === 'span') {
    const headers = {
      ...headersOf(record),
      'Content-Length': range.end - range.start + 1,
      'Content-Range': `bytes ${range.start}-${range.end}/${record.size}`,
    };
    return await answerInPieces(c, 206, headers, (take) => content.pour(take, range));
  }
  if (range.kind === 'spans') {
    const { contentType, length, parts, end } = multipartRanges(range.spans, record.size);
    const headers = { ...headersOf(record), 'Content-Type': contentType, 'Content-Length': length };
    return await answerInPieces(c, 206, headers, async (take) => {
      await content.pourParts(take, parts);
      await take(end);
    });
  }
  const headers = { ...headersOf(record), 'Content-Length': record.size };
  return await answerInPieces(c, 200, headers, (take) => content.pour(take));
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
