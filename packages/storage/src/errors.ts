import type { Digest } from '@mcr/core';

/** The bytes that a locator names are not there, or not in the size that was recorded. */
export class BlobMissing extends Error {
  override readonly name = 'BlobMissing';
  /** How many bytes there are instead; absent when there are none at all, or they were not counted. */
  readonly found: number | undefined;

  constructor(message: string, { found, ...options }: ErrorOptions & { readonly found?: number } = {}) {
    super(message, options);
    this.found = found;
  }
}

/** A piece of an upload is not there, or has fewer bytes than are on record. */
export class UploadMissing extends Error {
  override readonly name = 'UploadMissing';
}

/** Bytes that were to be sealed have another digest. */
export class DigestMismatch extends Error {
  override readonly name = 'DigestMismatch';
  readonly actual: Digest;

  constructor(actual: Digest) {
    super(`The bytes have the digest ${actual}`);
    this.actual = actual;
  }
}

/** Another process owns this store. */
export class StoreLocked extends Error {
  override readonly name = 'StoreLocked';
}
