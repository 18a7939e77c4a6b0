import { createHash, type Hash } from 'node:crypto';
import { type Digest, digestAlgorithm, digestFromHex } from '@mcr/core';
import { DigestMismatch } from './errors.ts';

/** Compares bytes, as they come, with a digest. */
export class DigestCheck {
  readonly #digest: Digest;
  readonly #hash: Hash;

  constructor(digest: Digest) {
    this.#digest = digest;
    this.#hash = createHash(digestAlgorithm(digest));
  }

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  /** Throws `DigestMismatch` when the bytes have another digest. */
  end(): void {
    const actual = digestFromHex(digestAlgorithm(this.#digest), this.#hash.digest('hex'));
    if (actual !== this.#digest) throw new DigestMismatch(actual);
  }
}

/** The same bytes. Throws `DigestMismatch` at their end when they have another digest. */
export async function* verifying(
  source: AsyncIterable<Uint8Array>,
  digest: Digest,
): AsyncGenerator<Uint8Array, void, void> {
  const check = new DigestCheck(digest);
  for await (const chunk of source) {
    check.update(chunk);
    yield chunk;
  }
  check.end();
}
