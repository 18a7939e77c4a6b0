import { sql, sum } from 'drizzle-orm';
import { remember } from '../connection/remember.ts';
import type { Operation } from '../operation.ts';
import { blobs, manifestBlobs, repositories } from '../schema/index.ts';
import { prepareRepositoryIds } from './repository-ids.ts';

/** Looks at every blob of the repository, so it is remembered: only manifests that come and go change it. */
export const repositoryUsage: Operation<'repositoryUsage'> = (connection) => {
  const ids = prepareRepositoryIds(connection);
  return remember(connection, { keyOf: (repository) => repository }, (repository) => {
    const id = ids.require(repository);
    return connection.db.get<{ uniqueSize: number }>(
      sql`select coalesce(sum(${blobs.size}), 0) as "uniqueSize" from ${blobs} where ${blobs.id} in (
        select blob_id from ${manifestBlobs} where repository_id = ${id}
      ) and not exists (
        select 1 from ${manifestBlobs} other where other.blob_id = ${blobs.id} and other.repository_id <> ${id}
      )`,
    );
  });
};

export const referencedBytes: Operation<'referencedBytes'> =
  ({ db }) =>
  () =>
    Number(
      db
        .select({ n: sum(repositories.totalSize) })
        .from(repositories)
        .get()?.n ?? 0,
    );
