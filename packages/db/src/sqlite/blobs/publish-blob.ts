import { eq, sql } from 'drizzle-orm';
import type { BlobRecord, Blobs } from '../../facets/blobs.ts';
import { unknownUpload } from '../../rejections.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import type { Operation } from '../facet.ts';
import { prepareReviewQueue } from '../gc/review-queue.ts';
import { prepareAssertNotTrashed } from '../gc/swept-locators.ts';
import { prepareTrash } from '../gc/trash.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';
import { blobs } from '../schema/index.ts';
import { prepareDeleteUpload } from '../uploads/delete-upload.ts';
import { prepareExtendLease } from './blob-leases.ts';

const columns = {
  id: blobs.id,
  damage: blobs.damage,
  digest: blobs.digest,
  size: blobs.size,
  locator: blobs.locator,
};

export const publishBlob: Operation<Blobs['publish']> = (connection) => {
  const ids = prepareRepositoryIds(connection);
  const extendLease = prepareExtendLease(connection);
  const queue = prepareReviewQueue(connection);
  const trash = prepareTrash(connection);
  const log = prepareEventLog(connection);
  const deleteUpload = prepareDeleteUpload(connection);
  const assertNotTrashed = prepareAssertNotTrashed(connection);
  const find = connection.db
    .select(columns)
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
    .returning(columns)
    .prepare();
  const heal = connection.db
    .update(blobs)
    .set({ locator: sql`${sql.placeholder('locator')}`, damage: null, quarantinedAt: null })
    .where(eq(blobs.id, sql.placeholder('id')))
    .prepare();

  return (input) => {
    const { repository, digest, size, locator, upload, leasedUntil, reviewAfter, now } = input;
    return connection.writeTogetherUnremembered(() => {
      const existing = find.get({ digest });
      if (upload !== undefined && !deleteUpload(upload)) {
        if (existing?.locator === locator && existing.damage === null) return recordOf(existing);
        throw unknownUpload();
      }
      if (existing?.locator !== locator) assertNotTrashed(locator);
      const { id, damage, ...known } = existing ?? insert.get({ digest, size, locator, now });
      // What a push brings has just been verified.
      const standing = damage === null ? known.locator : locator;
      if (damage !== null) heal.run({ id, locator });
      if (known.locator !== standing) trash.add(known.locator, known.size, { now });
      extendLease(ids.ensure(repository, now), id, leasedUntil);
      queue.addBlob(id, reviewAfter, 'publish');
      log.record(input, { type: 'blob_uploaded', repository, digest, details: { size: String(known.size) } });
      return { ...known, locator: standing };
    });
  };
};

function recordOf({ digest, size, locator }: BlobRecord): BlobRecord {
  return { digest, size, locator };
}
