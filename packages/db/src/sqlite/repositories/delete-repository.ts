import { count, eq, sql } from 'drizzle-orm';
import { prepareEventLog } from '../audit/event-log.ts';
import { prepareReviewQueue } from '../garbage/review-queue.ts';
import type { Operation } from '../operation.ts';
import { manifests, repositories, tags } from '../schema/index.ts';
import { prepareRepositoryIds } from './repository-ids.ts';

export const deleteRepository: Operation<'deleteRepository'> = (connection) => {
  const { db, write } = connection;
  const ids = prepareRepositoryIds(connection);
  const queue = prepareReviewQueue(connection);
  const log = prepareEventLog(connection);
  const countManifests = db
    .select({ n: count() })
    .from(manifests)
    .where(eq(manifests.repositoryId, sql.placeholder('id')))
    .prepare();
  const countTags = db
    .select({ n: count() })
    .from(tags)
    .where(eq(tags.repositoryId, sql.placeholder('id')))
    .prepare();
  const remove = db
    .delete(repositories)
    .where(eq(repositories.id, sql.placeholder('id')))
    .prepare();

  return (input) => {
    const { repository, reviewAfter } = input;
    write(() => {
      const id = ids.require(repository);
      const details = {
        manifests: String(countManifests.get({ id })?.n ?? 0),
        tags: String(countTags.get({ id })?.n ?? 0),
      };
      queue.addBlobsOfRepository(id, reviewAfter, 'repository_delete');
      remove.run({ id });
      log.record(input, { type: 'repo_deleted', repository, details });
    });
  };
};
