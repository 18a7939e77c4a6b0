import type { Migration } from './migration.ts';

/**
 * What an upload has are pieces, each a file that is never written again. An open upload of before is one piece, its file
 * as it is. Trash says since when, what it is of, and counts no pieces as blobs; locators that were swept are rejected when
 * a process that was stopped in between wants to put them on record.
 */
export const uploadPieces: Migration = {
  id: 20,
  name: 'upload-pieces',
  sql: `
    CREATE TABLE upload_pieces (
      upload TEXT NOT NULL REFERENCES uploads (uuid) ON DELETE CASCADE,
      position INTEGER NOT NULL CHECK (position >= 0),
      locator TEXT NOT NULL UNIQUE,
      size INTEGER NOT NULL CHECK (size > 0),
      PRIMARY KEY (upload, position)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO upload_pieces (upload, position, locator, size)
      SELECT uuid, 0, 'uploads/' || uuid, byte_offset FROM uploads WHERE byte_offset > 0;

    ALTER TABLE blob_trash ADD COLUMN kind TEXT NOT NULL DEFAULT 'blob' CHECK (kind IN ('blob', 'orphan', 'piece'));
    ALTER TABLE blob_trash ADD COLUMN trashed_at INTEGER NOT NULL DEFAULT 0;
    DROP TRIGGER trash_added;
    DROP TRIGGER trash_removed;
    CREATE TRIGGER trash_added AFTER INSERT ON blob_trash WHEN new.kind <> 'piece' BEGIN
      UPDATE pending_garbage SET blobs = blobs + 1, bytes = bytes + new.size WHERE place = 'trash';
    END;
    CREATE TRIGGER trash_removed AFTER DELETE ON blob_trash WHEN old.kind <> 'piece' BEGIN
      UPDATE pending_garbage SET blobs = blobs - 1, bytes = bytes - old.size WHERE place = 'trash';
    END;

    CREATE TABLE swept_locators (
      locator TEXT NOT NULL PRIMARY KEY,
      swept_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX swept_locators_by_time ON swept_locators (swept_at);
  `,
};
