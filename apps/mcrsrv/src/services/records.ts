/** What services return; transports know these shapes and not where they come from. */
export type { IssuedToken } from '@mcr/auth';
export type { BlobRecord, ManifestRecord, UploadRecord } from '@mcr/db';
