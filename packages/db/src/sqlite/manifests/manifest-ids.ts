import type { Digest } from '@mcr/core';
import { and, eq, sql } from 'drizzle-orm';
import type { Connection } from '../connection/connection.ts';
import { manifests } from '../schema/index.ts';

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
