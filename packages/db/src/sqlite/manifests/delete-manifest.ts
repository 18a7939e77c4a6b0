import { eq, sql } from 'drizzle-orm';
import type { Manifests } from '../../facets/manifests.ts';
import { unknownManifest } from '../../rejections.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import type { Operation } from '../facet.ts';
import { prepareReviewQueue } from '../gc/review-queue.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';
import { manifests, tags } from '../schema/index.ts';
import { prepareFindManifestId } from './manifest-columns.ts';

/** As many tags as a person reads; a manifest may have thousands. */
const maxAuditedTags = 50;

export const deleteManifest: Operation<Manifests['delete']> = (connection) => {
  const { db, write } = connection;
  const ids = prepareRepositoryIds(connection);
  const findId = prepareFindManifestId(connection);
  const queue = prepareReviewQueue(connection);
  const log = prepareEventLog(connection);
  const selectTags = db
    .select({ name: tags.name })
    .from(tags)
    .where(eq(tags.manifestId, sql.placeholder('id')))
    .limit(maxAuditedTags)
    .prepare();
  const remove = db
    .delete(manifests)
    .where(eq(manifests.id, sql.placeholder('id')))
    .prepare();

  return (input) => {
    const { repository, digest, reviewAfter } = input;
    write(() => {
      const id = findId(ids.require(repository), digest);
      if (id === undefined) throw unknownManifest({ kind: 'digest', digest });
      const lost = selectTags.all({ id }).map(({ name }) => name);
      queue.addBlobsOfManifest(id, reviewAfter, 'manifest_delete');
      remove.run({ id });
      const details = lost.length === 0 ? {} : { tag: lost.join(',') };
      log.record(input, { type: 'manifest_deleted', repository, digest, details });
    });
  };
};
