import type { Migration } from './migration.ts';

/**
 * What waits for garbage collection, counted with each change: reviews of blobs that no manifest references, and trash.
 * Triggers do it, since references come and go in many ways, cascades among them. A review keeps the size of its blob,
 * which is gone when a cascade removes the review.
 */
export const pendingGarbage: Migration = {
  id: 9,
  name: 'pending-garbage',
  sql: `
    ALTER TABLE gc_queue ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE gc_queue ADD COLUMN unreferenced INTEGER NOT NULL DEFAULT 0 CHECK (unreferenced IN (0, 1));
    UPDATE gc_queue SET size = (SELECT size FROM blobs WHERE id = blob_id),
      unreferenced = NOT EXISTS (SELECT 1 FROM manifest_blobs r WHERE r.blob_id = gc_queue.blob_id);
    CREATE INDEX IF NOT EXISTS gc_queue_of_unreferenced ON gc_queue (review_after) WHERE unreferenced = 1;

    CREATE TABLE IF NOT EXISTS pending_garbage (
      place TEXT NOT NULL PRIMARY KEY CHECK (place IN ('queue', 'trash')),
      blobs INTEGER NOT NULL,
      bytes INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT OR REPLACE INTO pending_garbage (place, blobs, bytes)
      SELECT 'queue', count(*), coalesce(sum(size), 0) FROM gc_queue WHERE unreferenced = 1;
    INSERT OR REPLACE INTO pending_garbage (place, blobs, bytes)
      SELECT 'trash', count(*), coalesce(sum(size), 0) FROM blob_trash;

    CREATE TRIGGER IF NOT EXISTS review_queued AFTER INSERT ON gc_queue BEGIN
      UPDATE gc_queue SET size = (SELECT size FROM blobs WHERE id = new.blob_id),
        unreferenced = NOT EXISTS (SELECT 1 FROM manifest_blobs r WHERE r.blob_id = new.blob_id)
      WHERE blob_id = new.blob_id;
    END;
    CREATE TRIGGER IF NOT EXISTS review_decided AFTER UPDATE OF unreferenced ON gc_queue
    WHEN new.unreferenced <> old.unreferenced BEGIN
      UPDATE pending_garbage SET blobs = blobs + (new.unreferenced - old.unreferenced),
        bytes = bytes + (new.unreferenced - old.unreferenced) * new.size WHERE place = 'queue';
    END;
    CREATE TRIGGER IF NOT EXISTS review_ended AFTER DELETE ON gc_queue WHEN old.unreferenced = 1 BEGIN
      UPDATE pending_garbage SET blobs = blobs - 1, bytes = bytes - old.size WHERE place = 'queue';
    END;
    CREATE TRIGGER IF NOT EXISTS review_reference_added AFTER INSERT ON manifest_blobs BEGIN
      UPDATE gc_queue SET unreferenced = 0 WHERE blob_id = new.blob_id AND unreferenced = 1;
    END;
    CREATE TRIGGER IF NOT EXISTS review_reference_removed AFTER DELETE ON manifest_blobs BEGIN
      UPDATE gc_queue SET unreferenced = 1 WHERE blob_id = old.blob_id AND unreferenced = 0
        AND NOT EXISTS (SELECT 1 FROM manifest_blobs r WHERE r.blob_id = old.blob_id);
    END;
    CREATE TRIGGER IF NOT EXISTS trash_added AFTER INSERT ON blob_trash BEGIN
      UPDATE pending_garbage SET blobs = blobs + 1, bytes = bytes + new.size WHERE place = 'trash';
    END;
    CREATE TRIGGER IF NOT EXISTS trash_removed AFTER DELETE ON blob_trash BEGIN
      UPDATE pending_garbage SET blobs = blobs - 1, bytes = bytes - old.size WHERE place = 'trash';
    END;
  `,
};
