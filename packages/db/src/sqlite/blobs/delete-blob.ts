import { and, eq, sql } from 'drizzle-orm';
import type { Blobs } from '../../facets/blobs.ts';
import { unknownBlob } from '../../rejections.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import type { Operation } from '../facet.ts';
import { prepareReviewQueue } from '../gc/review-queue.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';
import { blobLinks, manifestBlobs } from '../schema/index.ts';
import { prepareFindRepositoryBlob } from './find-blob.ts';

export const deleteBlob: Operation<Blobs['delete']> = (connection) => {
  const { db, write } = connection;
  const find = prepareFindRepositoryBlob(connection);
  const ids = prepareRepositoryIds(connection);
  const queue = prepareReviewQueue(connection);
  const log = prepareEventLog(connection);
  const repositoryId = sql.placeholder('repositoryId');
  const blobId = sql.placeholder('blobId');
  const deleteReferences = db
    .delete(manifestBlobs)
    .where(and(eq(manifestBlobs.repositoryId, repositoryId), eq(manifestBlobs.blobId, blobId)))
    .prepare();
  const deleteLease = db
    .delete(blobLinks)
    .where(and(eq(blobLinks.repositoryId, repositoryId), eq(blobLinks.blobId, blobId)))
    .prepare();

  return (input) => {
    const { repository, digest, reviewAfter, now } = input;
    write(() => {
      ids.require(repository);
      const blob = find(repository, digest, now);
      if (blob === undefined) throw unknownBlob(digest);
      const row = { repositoryId: blob.repositoryId, blobId: blob.id };
      deleteReferences.run(row);
      deleteLease.run(row);
      queue.addBlob(blob.id, reviewAfter, 'blob_delete');
      log.record(input, { type: 'blob_deleted', repository, digest });
    });
  };
};
