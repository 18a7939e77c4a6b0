import { eq, sql } from 'drizzle-orm';
import { prepareEventLog } from '../audit/event-log.ts';
import { prepareReviewQueue } from '../garbage/review-queue.ts';
import { prepareTrash } from '../garbage/trash.ts';
import type { Operation } from '../operation.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';
import { blobs } from '../schema/index.ts';
import { prepareDeleteUpload } from '../uploads/delete-upload.ts';
import { prepareExtendLease } from './blob-leases.ts';

export const publishBlob: Operation<'publishBlob'> = (connection) => {
  const ids = prepareRepositoryIds(connection);
  const extendLease = prepareExtendLease(connection);
  const queue = prepareReviewQueue(connection);
  const trash = prepareTrash(connection);
  const log = prepareEventLog(connection);
  const deleteUpload = prepareDeleteUpload(connection);
  const known = connection.db
    .select({ id: blobs.id, digest: blobs.digest, size: blobs.size, locator: blobs.locator })
    .from(blobs)
    .where(eq(blobs.digest, sql.placeholder('digest')))
    .prepare();
  const insert = connection.db
    .insert(blobs)
    .values({
      digest: sql.placeholder('digest'),
      size: sql.placeholder('size'),
      locator: sql.placeholder('locator'),
      createdAt: sql.placeholder('now'),
    })
    .returning({ id: blobs.id, digest: blobs.digest, size: blobs.size, locator: blobs.locator })
    .prepare();

  return (input) => {
    const { repository, digest, size, locator, uploadId, leasedUntil, reviewAfter, now } = input;
    return connection.write(() => {
      const { id, ...record } = known.get({ digest }) ?? insert.get({ digest, size, locator, now });
      if (record.locator === locator) trash.withdraw(locator);
      else trash.add(locator, size);
      extendLease(ids.ensure(repository, now), id, leasedUntil);
      queue.addBlob(id, reviewAfter, 'publish');
      if (uploadId !== undefined) deleteUpload(uploadId);
      log.record(input, { type: 'blob_uploaded', repository, digest, details: { size: String(record.size) } });
      return record;
    });
  };
};
