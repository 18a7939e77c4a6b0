import type { Migration } from './migration.ts';

/**
 * Figures that lists are sorted by and charts are drawn of, kept up to date with each change. Triggers do it for sizes,
 * since references to blobs come and go in many ways, cascades among them; a blob counts once in each repository.
 */
export const figures: Migration = {
  id: 4,
  name: 'figures',
  sql: `
    ALTER TABLE repositories ADD COLUMN total_size INTEGER NOT NULL DEFAULT 0;
    UPDATE repositories SET total_size =
      coalesce((SELECT sum(m.size) FROM manifests m WHERE m.repository_id = repositories.id), 0) +
      coalesce((SELECT sum(b.size) FROM blobs b WHERE b.id IN
        (SELECT r.blob_id FROM manifest_blobs r WHERE r.repository_id = repositories.id)), 0);
    CREATE INDEX IF NOT EXISTS repositories_by_size ON repositories (total_size, name);
    CREATE INDEX IF NOT EXISTS repositories_by_push ON repositories (coalesce(last_push_at, 0), name);
    CREATE INDEX IF NOT EXISTS tags_by_update ON tags (repository_id, updated_at, name);
    CREATE INDEX IF NOT EXISTS manifest_children_by_digest ON manifest_children (child_digest, parent_id);

    CREATE TRIGGER IF NOT EXISTS manifest_added AFTER INSERT ON manifests BEGIN
      UPDATE repositories SET total_size = total_size + new.size WHERE id = new.repository_id;
    END;
    CREATE TRIGGER IF NOT EXISTS manifest_removed AFTER DELETE ON manifests BEGIN
      UPDATE repositories SET total_size = total_size - old.size WHERE id = old.repository_id;
    END;
    CREATE TRIGGER IF NOT EXISTS reference_added AFTER INSERT ON manifest_blobs
    WHEN NOT EXISTS (SELECT 1 FROM manifest_blobs WHERE repository_id = new.repository_id AND blob_id = new.blob_id
      AND manifest_id <> new.manifest_id) BEGIN
      UPDATE repositories SET total_size = total_size + (SELECT size FROM blobs WHERE id = new.blob_id)
      WHERE id = new.repository_id;
    END;
    CREATE TRIGGER IF NOT EXISTS reference_removed AFTER DELETE ON manifest_blobs
    WHEN NOT EXISTS (SELECT 1 FROM manifest_blobs WHERE repository_id = old.repository_id AND blob_id = old.blob_id) BEGIN
      UPDATE repositories SET total_size = total_size - (SELECT size FROM blobs WHERE id = old.blob_id)
      WHERE id = old.repository_id;
    END;

    CREATE TABLE IF NOT EXISTS activity (
      day INTEGER NOT NULL,
      event_type TEXT NOT NULL,
      n INTEGER NOT NULL,
      PRIMARY KEY (day, event_type)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO activity (day, event_type, n)
      SELECT at / 86400000, event_type, count(*) FROM audit_log WHERE true GROUP BY 1, 2
      ON CONFLICT DO NOTHING;
  `,
};
