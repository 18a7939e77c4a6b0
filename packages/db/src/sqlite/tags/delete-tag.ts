import { eq, sql } from 'drizzle-orm';
import type { Tags } from '../../facets/tags.ts';
import { unknownManifest } from '../../rejections.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import type { Operation } from '../facet.ts';
import { prepareReviewQueue } from '../gc/review-queue.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';
import { manifests } from '../schema/index.ts';
import { prepareTagRows } from './tag-rows.ts';

export const deleteTag: Operation<Tags['delete']> = (connection) => {
  const ids = prepareRepositoryIds(connection);
  const tags = prepareTagRows(connection);
  const queue = prepareReviewQueue(connection);
  const log = prepareEventLog(connection);
  const digestOf = connection.db
    .select({ digest: manifests.digest })
    .from(manifests)
    .where(eq(manifests.id, sql.placeholder('id')))
    .prepare();

  return (input) => {
    const { repository, tag, reviewAfter } = input;
    connection.write(() => {
      const repositoryId = ids.require(repository);
      const manifestId = tags.find(repositoryId, tag);
      const manifest = manifestId === undefined ? undefined : digestOf.get({ id: manifestId });
      if (manifestId === undefined || manifest === undefined) throw unknownManifest({ kind: 'tag', tag });
      tags.remove(repositoryId, tag);
      if (!tags.isTagged(manifestId)) queue.addBlobsOfManifest(manifestId, reviewAfter, 'tag_delete');
      log.record(input, { type: 'tag_deleted', repository, digest: manifest.digest, details: { tag } });
    });
  };
};
