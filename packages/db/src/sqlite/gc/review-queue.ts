import type { Connection } from '../connection/connection.ts';

/** Why a blob is reviewed. */
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
  /** In one statement, which takes a tenth of the time that one for each takes. */
  addBlobsOfManifests(manifestIds: readonly number[], reviewAfter: number, reason: ReviewReason): void;
}

const later = `ON CONFLICT (blob_id) DO UPDATE
  SET review_after = max(review_after, excluded.review_after), reason = excluded.reason`;

/** Size and reference of an entry are filled in by triggers. */
export function prepareReviewQueue({ sqlite }: Connection): ReviewQueue {
  const addBlob = sqlite.prepare(`INSERT INTO gc_queue (blob_id, review_after, reason) VALUES (?, ?, ?) ${later}`);
  const addBlobsOfManifest = sqlite.prepare(`INSERT INTO gc_queue (blob_id, review_after, reason)
    SELECT blob_id, ?, ? FROM manifest_blobs WHERE manifest_id = ? ORDER BY blob_id ${later}`);
  const addBlobsOfManifests = sqlite.prepare(`INSERT INTO gc_queue (blob_id, review_after, reason)
    SELECT blob_id, ?, ? FROM json_each(?) d CROSS JOIN manifest_blobs ON manifest_id = d.value WHERE true ${later}`);
  return {
    addBlob: (blobId, due, why) => void addBlob.run(blobId, due, why),
    addBlobsOfManifest: (manifestId, due, why) => void addBlobsOfManifest.run(due, why, manifestId),
    addBlobsOfManifests: (manifestIds, due, why) => void addBlobsOfManifests.run(due, why, JSON.stringify(manifestIds)),
  };
}
