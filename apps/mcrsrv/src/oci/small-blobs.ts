import { parseDigest } from '@mcr/core';
import { claimBlob } from '../services/blobs/stat.ts';
import type { ServiceContext } from '../services/context.ts';
import { blobHeaders } from './content-headers.ts';
import type { PullTarget } from './paths.ts';
import { maxString, type PreparedResponse, prepareResponse } from './prepared-manifests.ts';

/** Bytes that become a string at once are read here: a buffer for each of them is more work for V8 than the read. */
const room = Buffer.allocUnsafeSlow(maxString + 1);

/**
 * Prepares the response to a GET of a blob whose bytes are had at once, or to any HEAD, for a caller that may pull; a HEAD claims
 * the blob. `undefined` for any other, and where the ordinary path would reject the request. Throws `DIGEST_INVALID`.
 */
export async function readSmallBlob(
  services: Pick<ServiceContext, 'store' | 'blobs' | 'clock' | 'settings'>,
  { repository, name }: PullTarget,
  isHead: boolean,
): Promise<PreparedResponse | undefined> {
  const { store, blobs, clock, settings } = services;
  const digest = parseDigest(name);
  const found = isHead
    ? await claimBlob(services, repository, digest)
    : await store.blobs.find(repository, digest, clock.now());
  if (found === undefined) return undefined;
  const { locator, size } = found;
  const headers = { ...blobHeaders(digest), 'Content-Length': size };
  if (isHead) return prepareResponse(headers);
  const isRedirected = settings.redirect !== undefined && size >= settings.redirect.minSize;
  const content = isRedirected ? undefined : blobs.readAtOnce?.(locator, size, size <= maxString ? room : undefined);
  return content && prepareResponse(headers, content);
}
