/** What the verbs answer with; transports know these shapes and not where they come from. */
export type { IssuedToken } from '@mcr/auth';
export type { BlobRecord, ManifestContent, ManifestRecord, UploadRecord } from '@mcr/db';
