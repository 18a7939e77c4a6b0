import type { Digest } from '@mcr/core';
import type { ResponseHeaders } from '../http/respond.ts';
import type { ManifestRecord } from '../services/manifests/get.ts';

/** What a response says of a manifest. */
export function manifestHeaders(manifest: ManifestRecord): ResponseHeaders {
  return {
    'Content-Type': manifest.mediaType,
    'Content-Length': manifest.size,
    'Docker-Content-Digest': manifest.digest,
    ETag: `"${manifest.digest}"`,
    'X-Content-Type-Options': 'nosniff',
  };
}

/**
 * What a response says of a blob: a digest names its bytes forever, so caches need not ask again. The sandbox is for browsers that
 * open the URL.
 */
export function blobHeaders(digest: Digest): ResponseHeaders {
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
