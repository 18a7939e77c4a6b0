import { sql } from 'drizzle-orm';
import { damagedManifests, manifests } from '../schema/index.ts';

/** Whether a row of `manifests` is not in quarantine. Nearly always the table that is asked is empty. */
export const inService = sql`not exists (select 1 from ${damagedManifests} where ${damagedManifests.manifestId} = ${manifests.id})`;

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

/** A page of a thousand manifests of this size is what one response may hold in memory. */
export const maxListedContent = 64 * 1024;

/** The bytes in a list; null where they are more than a list should read, and in quarantine. */
export const listedContent = sql<Uint8Array | null>`case when ${manifests.size} <= ${maxListedContent} and ${inService} then ${manifests.content} end`;
