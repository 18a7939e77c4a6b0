import { randomBytes } from 'node:crypto';
import { type Digest, digestAlgorithm, digestHex, parseDigest } from '@mcr/core';
import type { Locator } from '../blob-store.ts';

/** The directories that may stand directly below the layers, in the order in which they are listed. */
export const algorithms = ['sha256', 'sha512'] as const;

const prefix = /^[a-f0-9]{2}$/;
/** Blobs of older versions have no suffix. */
const locator = /^(?:sha256\/([a-f0-9]{2})\/\1[a-f0-9]{62}|sha512\/([a-f0-9]{2})\/\2[a-f0-9]{126})(?:\.[a-f0-9]{12})?$/;
const uploadId = /^[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}$/;
/** Uploads that older versions began have no suffix. */
const piece = /^uploads\/([a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}(?:\.[a-f0-9]{12})?)$/;

/** Whether `text` is `<alg>/<first two hex>/<hex>.<12 hex>`. Nothing else ever becomes part of a path below the layers. */
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

/** A name for a new file of a digest. Throws `DIGEST_INVALID` for anything that is no supported digest. */
export function newLocator(digest: Digest): Locator {
  return `${prefixOf(digest)}/${digestHex(digest)}.${suffix()}`;
}

/** The directory of a digest's files, `<alg>/<first two hex>`. Throws `DIGEST_INVALID` as well. */
export function prefixOf(digest: Digest): string {
  const hex = digestHex(parseDigest(digest));
  return `${digestAlgorithm(digest)}/${hex.slice(0, 2)}`;
}

/** The digest that a locator was made of; `undefined` for what is no locator. */
export function digestOf(text: Locator): Digest | undefined {
  if (!isLocator(text)) return undefined;
  const [algorithm, , name = ''] = text.split('/');
  return parseDigest(`${algorithm}:${name.split('.')[0]}`);
}

/** A name for a new piece of an upload. */
export function newPieceLocator(upload: string): Locator {
  return pieceLocatorOf(`${upload}.${suffix()}`);
}

/** The locator of a file in the directory of uploads. */
export function pieceLocatorOf(name: string): Locator {
  return `uploads/${name}`;
}

/** The file name of a piece; `undefined` for what is no locator of one. Nothing else becomes a path below the uploads. */
export function pieceName(text: Locator): string | undefined {
  return piece.exec(text)?.[1];
}

/** Two processes that make names at the same time, without asking each other, get different ones. */
function suffix(): string {
  return randomBytes(6).toString('hex');
}
