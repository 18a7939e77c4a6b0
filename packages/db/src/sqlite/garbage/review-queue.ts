import { sql } from 'drizzle-orm';
import type { Connection } from '../connection/connection.ts';
import { gcQueue, manifestBlobs } from '../schema/index.ts';

/** What made somebody look at a blob. */
export type ReviewReason =
  | 'publish'
  | 'mount'
  | 'blob_delete'
  | 'manifest_delete'
  | 'tag_move'
  | 'tag_delete'
  | 'repository_delete'
  | 'reconcile';

/** Blobs to be reviewed; runs in the transaction of the change that may orphan them. Of two due dates the later wins. */
export interface ReviewQueue {
  addBlob(blobId: number, reviewAfter: number, reason: ReviewReason): void;
  addBlobsOfManifest(manifestId: number, reviewAfter: number, reason: ReviewReason): void;
}

const later = {
  target: gcQueue.blobId,
  set: { reviewAfter: sql`max(${gcQueue.reviewAfter}, excluded.review_after)`, reason: sql`excluded.reason` },
};

/** Size and reference of an entry are filled in by triggers. */
export function prepareReviewQueue({ db }: Connection): ReviewQueue {
  const reviewAfter = sql.placeholder('reviewAfter');
  const reason = sql.placeholder('reason');
  const id = sql.placeholder('id');

  const addBlob = db.insert(gcQueue).values({ blobId: id, reviewAfter, reason }).onConflictDoUpdate(later).prepare();
  const addBlobsOfManifest = db
    .insert(gcQueue)
    .select(
      sql`select blob_id, ${reviewAfter}, ${reason}, 0, 0 from ${manifestBlobs} where manifest_id = ${id} order by blob_id`,
    )
    .onConflictDoUpdate(later)
    .prepare();
  return {
    addBlob: (blobId, due, why) => void addBlob.run({ id: blobId, reviewAfter: due, reason: why }),
    addBlobsOfManifest: (manifestId, due, why) =>
      void addBlobsOfManifest.run({ id: manifestId, reviewAfter: due, reason: why }),
  };
}
