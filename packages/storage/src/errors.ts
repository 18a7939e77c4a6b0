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

/** There is no upload of this id, or it holds fewer bytes than expected. */
export class UploadMissing extends Error {
  override readonly name = 'UploadMissing';
}

/** Another process owns this store. */
export class StoreLocked extends Error {
  override readonly name = 'StoreLocked';
}
