import { eq, sql } from 'drizzle-orm';
import type { Inspection } from '../../facets/inspection.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import type { Operation } from '../facet.ts';
import { prepareReviewQueue } from '../gc/review-queue.ts';
import { prepareTrash } from '../gc/trash.ts';
import { blobs } from '../schema/index.ts';
import { selectInspectedBlobs } from './inspect-blobs.ts';

const byLocator = eq(blobs.locator, sql.placeholder('locator'));

export const reviewForgotten: Operation<Inspection['reviewForgotten']> = (connection) => {
  const queue = prepareReviewQueue(connection);
  const find = selectInspectedBlobs(connection, byLocator).prepare();
  return ({ locator, reviewAfter }) =>
    connection.write(() => {
      const blob = find.get({ locator });
      if (blob?.forgotten !== 1) return false;
      queue.addBlob(blob.id, reviewAfter, 'reconcile');
      return true;
    });
};

export const restoreBlob: Operation<Inspection['restoreBlob']> = (connection) => {
  const trash = prepareTrash(connection);
  const queue = prepareReviewQueue(connection);
  const log = prepareEventLog(connection);
  const values = {
    digest: sql.placeholder('digest'),
    size: sql.placeholder('size'),
    createdAt: sql.placeholder('now'),
  };
  const insert = connection.db
    .insert(blobs)
    .values({ ...values, locator: sql.placeholder('locator') })
    .onConflictDoNothing()
    .returning({ id: blobs.id })
    .prepare();
  return (input) => {
    const { digest, size, locator, reviewAfter, now } = input;
    return connection.write(() => {
      const row = insert.get({ digest, size, locator, now });
      if (row === undefined) return false;
      trash.withdraw(locator);
      queue.addBlob(row.id, reviewAfter, 'reconcile');
      log.record(input, { type: 'blob_released', digest });
      return true;
    });
  };
};
