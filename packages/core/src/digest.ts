import { createHash } from 'node:crypto';
import { RegistryError } from './errors.ts';

declare const digestBrand: unique symbol;

/** A validated digest: `sha256:` and 64, or `sha512:` and 128, lower-case hex digits. */
export type Digest = string & { readonly [digestBrand]: true };

/** Algorithms that content can be pushed with. */
export type DigestAlgorithm = 'sha256' | 'sha512';

const supported = /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;
/** image-spec descriptor.md, "Digests": algorithm and encoded part, also of unknown algorithms. */
const grammatical = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/;

/** Whether `text` is a digest that this registry can store content under. */
export function isDigest(text: string): text is Digest {
  return supported.test(text);
}

/** Whether `text` has the form of a digest, of any algorithm. Descriptors in manifests need no more. */
export function isGrammaticalDigest(text: string): boolean {
  return text.length <= 512 && (isDigest(text) || (grammatical.test(text) && !/^sha(?:256|512):/.test(text)));
}

/** Parses a digest; throws `DIGEST_INVALID` if it is malformed or its algorithm is not supported. */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text;
  throw new RegistryError('DIGEST_INVALID', 'The digest must be sha256:<64 hex> or sha512:<128 hex>, in lower case', {
    detail: { digest: text.slice(0, 200) },
  });
}

/** The algorithm of a digest. */
export function digestAlgorithm(digest: Digest): DigestAlgorithm {
  return digest.startsWith('sha512:') ? 'sha512' : 'sha256';
}

/** The hex part of a digest. */
export function digestHex(digest: Digest): string {
  return digest.slice(7);
}

/** The digest of bytes, or of a string in UTF-8. */
export function digestOf(content: Uint8Array | string, algorithm: DigestAlgorithm = 'sha256'): Digest {
  return digestFromHex(algorithm, createHash(algorithm).update(content).digest('hex'));
}

/** Whether bytes match a digest, by its own algorithm. */
export function hasDigest(content: Uint8Array, digest: Digest): boolean {
  return digestOf(content, digestAlgorithm(digest)) === digest;
}

/** Creates a digest from an algorithm and the hex form of a finished hash. */
export function digestFromHex(algorithm: DigestAlgorithm, hex: string): Digest {
  return parseDigest(`${algorithm}:${hex}`);
}
