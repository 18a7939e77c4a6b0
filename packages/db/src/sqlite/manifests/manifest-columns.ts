import { manifests } from '../schema/index.ts';

/** What a manifest's record shows, without its bytes. */
export const recordColumns = {
  digest: manifests.digest,
  mediaType: manifests.mediaType,
  size: manifests.size,
  artifactType: manifests.artifactType,
  subject: manifests.subject,
  createdAt: manifests.createdAt,
};

/** A manifest's record with its bytes. */
export const contentColumns = { ...recordColumns, content: manifests.content };
