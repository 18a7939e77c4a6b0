import { type Digest, digestAlgorithm, digestHex, parseDigest } from '@mcr/core';
import type { Locator } from '../blob-store.ts';

/** The directories that may stand directly below the layers, in the order in which they are listed. */
export const algorithms = ['sha256', 'sha512'] as const;

const prefix = /^[a-f0-9]{2}$/;
const locator = /^(?:sha256\/([a-f0-9]{2})\/\1[a-f0-9]{62}|sha512\/([a-f0-9]{2})\/\2[a-f0-9]{126})$/;
const uploadId = /^[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}$/;

/** Whether `text` is `<alg>/<first two hex>/<hex>`. Nothing else ever becomes part of a path below the layers. */
export function isLocator(text: string): boolean {
  return locator.test(text);
}

/** Whether `text` is a UUID in lower case. Nothing else ever becomes part of a path below the uploads. */
export function isUploadId(text: string): boolean {
  return uploadId.test(text);
}

/** Whether `text` names a directory of blobs: the first two hex digits of their digests. */
export function isPrefix(text: string): boolean {
  return prefix.test(text);
}

/** Where a digest's blob lies. Throws `DIGEST_INVALID` for anything that is no supported digest. */
export function locatorOf(digest: Digest): Locator {
  const hex = digestHex(parseDigest(digest));
  return `${digestAlgorithm(digest)}/${hex.slice(0, 2)}/${hex}`;
}

/** The digest that a locator was made of; `undefined` for what is no locator. */
export function digestOf(text: Locator): Digest | undefined {
  if (!isLocator(text)) return undefined;
  const [algorithm, , hex] = text.split('/');
  return parseDigest(`${algorithm}:${hex}`);
}
