import type { Migration } from './migration.ts';

/** How many blobs only one repository has, beside their bytes: what waits for collection once that is deleted. */
export const uniqueBlobs: Migration = {
  id: 16,
  name: 'unique-blobs',
  sql: `
    ALTER TABLE repositories ADD COLUMN unique_blobs INTEGER NOT NULL DEFAULT 0;
    UPDATE repositories SET unique_blobs = (SELECT count(*) FROM blobs b WHERE b.repository_count = 1 AND b.id IN
      (SELECT r.blob_id FROM manifest_blobs r WHERE r.repository_id = repositories.id));
    DROP TRIGGER IF EXISTS reference_added;
    DROP TRIGGER IF EXISTS reference_removed;
    CREATE TRIGGER reference_added AFTER INSERT ON manifest_blobs
    WHEN NOT EXISTS (SELECT 1 FROM manifest_blobs WHERE repository_id = new.repository_id AND blob_id = new.blob_id
      AND manifest_id <> new.manifest_id) BEGIN
      UPDATE blobs SET repository_count = repository_count + 1 WHERE id = new.blob_id;
      UPDATE repositories SET total_size = total_size + b.size, unique_size = unique_size + iif(b.repository_count = 1, b.size, 0),
        unique_blobs = unique_blobs + (b.repository_count = 1)
      FROM (SELECT size, repository_count FROM blobs WHERE id = new.blob_id) b WHERE repositories.id = new.repository_id;
      UPDATE repositories SET unique_blobs = unique_blobs - 1,
        unique_size = unique_size - (SELECT size FROM blobs WHERE id = new.blob_id)
      WHERE (SELECT repository_count FROM blobs WHERE id = new.blob_id) = 2 AND id = (SELECT repository_id
        FROM manifest_blobs WHERE blob_id = new.blob_id AND repository_id <> new.repository_id LIMIT 1);
    END;
    CREATE TRIGGER reference_removed AFTER DELETE ON manifest_blobs
    WHEN NOT EXISTS (SELECT 1 FROM manifest_blobs WHERE repository_id = old.repository_id AND blob_id = old.blob_id) BEGIN
      UPDATE blobs SET repository_count = repository_count - 1 WHERE id = old.blob_id;
      UPDATE repositories SET total_size = total_size - b.size, unique_size = unique_size - iif(b.repository_count = 0, b.size, 0),
        unique_blobs = unique_blobs - (b.repository_count = 0)
      FROM (SELECT size, repository_count FROM blobs WHERE id = old.blob_id) b WHERE repositories.id = old.repository_id;
      UPDATE repositories SET unique_blobs = unique_blobs + 1,
        unique_size = unique_size + (SELECT size FROM blobs WHERE id = old.blob_id)
      WHERE (SELECT repository_count FROM blobs WHERE id = old.blob_id) = 1 AND id = (SELECT repository_id
        FROM manifest_blobs WHERE blob_id = old.blob_id LIMIT 1);
    END;
  `,
};
