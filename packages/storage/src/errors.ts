/** The bytes that a locator names are not there, or not in the size that was recorded. */
export class BlobMissing extends Error {
  override readonly name = 'BlobMissing';
}

/** There is no upload of this id, or it holds fewer bytes than expected. */
export class UploadMissing extends Error {
  override readonly name = 'UploadMissing';
}

/** Another process owns this store. */
export class StoreLocked extends Error {
  override readonly name = 'StoreLocked';
}
