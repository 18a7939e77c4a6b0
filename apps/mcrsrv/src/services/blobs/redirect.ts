import type { BlobRecord } from '@mcr/db';
import type { ServiceContext } from '../context.ts';

/**
 * Where a client gets a blob itself, for a while; `undefined` when it gets it here, since redirects are off, the blob is small
 * or the store has no URLs. Does not look whether the bytes are there: that would cost as much as a small blob.
 */
export async function redirectBlob(
  { blobs, settings }: Pick<ServiceContext, 'blobs' | 'settings'>,
  { locator, size }: BlobRecord,
): Promise<string | undefined> {
  const { redirect } = settings;
  if (redirect === undefined || size < redirect.minSize) return undefined;
  return await blobs.url(locator, { ttl: redirect.ttl, contentType: 'application/octet-stream' });
}
