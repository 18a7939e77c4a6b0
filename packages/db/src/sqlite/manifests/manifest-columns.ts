import type { Digest } from '@mcr/core';
import { and, eq, sql } from 'drizzle-orm';
import type { Connection } from '../connection/connection.ts';
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

/** Whether a list shows what the content of a manifest says. */
export const isSmall = sql`${manifests.size} <= ${maxListedContent}`;

/** Finds the row id of a manifest. */
export type FindManifestId = (repositoryId: number, digest: Digest) => number | undefined;

export function prepareFindManifestId({ db }: Connection): FindManifestId {
  const statement = db
    .select({ id: manifests.id })
    .from(manifests)
    .where(
      and(eq(manifests.repositoryId, sql.placeholder('repositoryId')), eq(manifests.digest, sql.placeholder('digest'))),
    )
    .prepare();
  return (repositoryId, digest) => statement.get({ repositoryId, digest })?.id;
}
