import type { BlobStore, Locator } from '@mcr/storage';

/** The digest lock that guards a locator's bytes: the digest's own where the store derives one from the other. */
export function lockKey(blobs: BlobStore, locator: Locator): string {
  return blobs.digestOf(locator) ?? locator;
}
