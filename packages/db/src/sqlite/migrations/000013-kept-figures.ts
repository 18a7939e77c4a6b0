import type { Migration } from './migration.ts';

/**
 * What lists, pages and metrics show of all that is stored is kept with each change instead of counted: tags, manifests
 * and unshared bytes of a repository, repositories of a blob, totals of the registry. A deleted repository keeps a row,
 * without its name, until its rows are removed in slices; it takes no part in lists and totals.
 */
export const keptFigures: Migration = {
  id: 13,
  name: 'kept-figures',
  sql: `
    ALTER TABLE repositories ADD COLUMN tag_count INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE repositories ADD COLUMN manifest_count INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE repositories ADD COLUMN unique_size INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE repositories ADD COLUMN deleted_at INTEGER;
    ALTER TABLE blobs ADD COLUMN repository_count INTEGER NOT NULL DEFAULT 0;
    UPDATE blobs SET repository_count = f.n FROM
      (SELECT blob_id, count(*) AS n FROM (SELECT DISTINCT repository_id, blob_id FROM manifest_blobs) GROUP BY 1) f
      WHERE f.blob_id = blobs.id;
    UPDATE repositories SET
      tag_count = (SELECT count(*) FROM tags t WHERE t.repository_id = repositories.id),
      manifest_count = (SELECT count(*) FROM manifests m WHERE m.repository_id = repositories.id),
      unique_size = coalesce((SELECT sum(b.size) FROM blobs b WHERE b.repository_count = 1 AND b.id IN
        (SELECT r.blob_id FROM manifest_blobs r WHERE r.repository_id = repositories.id)), 0);

    DROP INDEX IF EXISTS repositories_by_size;
    DROP INDEX IF EXISTS repositories_by_push;
    CREATE INDEX repositories_by_name ON repositories (name) WHERE deleted_at IS NULL;
    CREATE INDEX repositories_by_size ON repositories (total_size, name) WHERE deleted_at IS NULL;
    CREATE INDEX repositories_by_push ON repositories (coalesce(last_push_at, 0), name) WHERE deleted_at IS NULL;
    CREATE INDEX repositories_deleted ON repositories (deleted_at) WHERE deleted_at IS NOT NULL;

    ALTER TABLE manifest_children ADD COLUMN repository_id INTEGER NOT NULL DEFAULT 0;
    UPDATE manifest_children SET repository_id = (SELECT repository_id FROM manifests m WHERE m.id = parent_id);
    DROP INDEX IF EXISTS manifest_children_by_digest;
    CREATE INDEX manifest_children_by_digest ON manifest_children (repository_id, child_digest, parent_id);
    CREATE INDEX manifests_by_artifact_type ON manifests (repository_id, subject_digest, artifact_type, digest)
      WHERE subject_digest IS NOT NULL;

    CREATE TABLE totals (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      repositories INTEGER NOT NULL,
      manifests INTEGER NOT NULL,
      tags INTEGER NOT NULL,
      blobs INTEGER NOT NULL,
      blob_bytes INTEGER NOT NULL,
      quarantined INTEGER NOT NULL,
      uploads INTEGER NOT NULL,
      referenced_bytes INTEGER NOT NULL
    ) STRICT;
    INSERT INTO totals SELECT 1,
      (SELECT count(*) FROM repositories), (SELECT count(*) FROM manifests), (SELECT count(*) FROM tags),
      (SELECT count(*) FROM blobs), (SELECT coalesce(sum(size), 0) FROM blobs),
      (SELECT count(*) FROM blobs WHERE damage IS NOT NULL), (SELECT count(*) FROM uploads),
      (SELECT coalesce(sum(total_size), 0) FROM repositories);

    DROP TRIGGER IF EXISTS manifest_added;
    DROP TRIGGER IF EXISTS manifest_removed;
    DROP TRIGGER IF EXISTS reference_added;
    DROP TRIGGER IF EXISTS reference_removed;
    CREATE TRIGGER manifest_added AFTER INSERT ON manifests BEGIN
      UPDATE repositories SET total_size = total_size + new.size, manifest_count = manifest_count + 1
      WHERE id = new.repository_id;
    END;
    CREATE TRIGGER manifest_removed AFTER DELETE ON manifests BEGIN
      UPDATE repositories SET total_size = total_size - old.size, manifest_count = manifest_count - 1
      WHERE id = old.repository_id;
    END;
    CREATE TRIGGER tag_added AFTER INSERT ON tags BEGIN
      UPDATE repositories SET tag_count = tag_count + 1 WHERE id = new.repository_id;
    END;
    CREATE TRIGGER tag_removed AFTER DELETE ON tags BEGIN
      UPDATE repositories SET tag_count = tag_count - 1 WHERE id = old.repository_id;
    END;

    CREATE TRIGGER reference_added AFTER INSERT ON manifest_blobs
    WHEN NOT EXISTS (SELECT 1 FROM manifest_blobs WHERE repository_id = new.repository_id AND blob_id = new.blob_id
      AND manifest_id <> new.manifest_id) BEGIN
      UPDATE blobs SET repository_count = repository_count + 1 WHERE id = new.blob_id;
      UPDATE repositories SET total_size = total_size + b.size, unique_size = unique_size + iif(b.repository_count = 1, b.size, 0)
      FROM (SELECT size, repository_count FROM blobs WHERE id = new.blob_id) b WHERE repositories.id = new.repository_id;
      UPDATE repositories SET unique_size = unique_size - (SELECT size FROM blobs WHERE id = new.blob_id)
      WHERE (SELECT repository_count FROM blobs WHERE id = new.blob_id) = 2 AND id = (SELECT repository_id
        FROM manifest_blobs WHERE blob_id = new.blob_id AND repository_id <> new.repository_id LIMIT 1);
    END;
    CREATE TRIGGER reference_removed AFTER DELETE ON manifest_blobs
    WHEN NOT EXISTS (SELECT 1 FROM manifest_blobs WHERE repository_id = old.repository_id AND blob_id = old.blob_id) BEGIN
      UPDATE blobs SET repository_count = repository_count - 1 WHERE id = old.blob_id;
      UPDATE repositories SET total_size = total_size - b.size, unique_size = unique_size - iif(b.repository_count = 0, b.size, 0)
      FROM (SELECT size, repository_count FROM blobs WHERE id = old.blob_id) b WHERE repositories.id = old.repository_id;
      UPDATE repositories SET unique_size = unique_size + (SELECT size FROM blobs WHERE id = old.blob_id)
      WHERE (SELECT repository_count FROM blobs WHERE id = old.blob_id) = 1 AND id = (SELECT repository_id
        FROM manifest_blobs WHERE blob_id = old.blob_id LIMIT 1);
    END;

    CREATE TRIGGER repository_added AFTER INSERT ON repositories BEGIN
      UPDATE totals SET repositories = repositories + 1;
    END;
    CREATE TRIGGER repository_changed AFTER UPDATE OF tag_count, manifest_count, total_size ON repositories
    WHEN old.deleted_at IS NULL BEGIN
      UPDATE totals SET tags = tags + new.tag_count - old.tag_count,
        manifests = manifests + new.manifest_count - old.manifest_count,
        referenced_bytes = referenced_bytes + new.total_size - old.total_size;
    END;
    CREATE TRIGGER repository_deleted AFTER UPDATE OF deleted_at ON repositories
    WHEN old.deleted_at IS NULL AND new.deleted_at IS NOT NULL BEGIN
      UPDATE totals SET repositories = repositories - 1, tags = tags - old.tag_count,
        manifests = manifests - old.manifest_count, referenced_bytes = referenced_bytes - old.total_size;
    END;
    CREATE TRIGGER blob_added AFTER INSERT ON blobs BEGIN
      UPDATE totals SET blobs = blobs + 1, blob_bytes = blob_bytes + new.size;
    END;
    CREATE TRIGGER blob_removed AFTER DELETE ON blobs BEGIN
      UPDATE totals SET blobs = blobs - 1, blob_bytes = blob_bytes - old.size,
        quarantined = quarantined - (old.damage IS NOT NULL);
    END;
    CREATE TRIGGER blob_judged AFTER UPDATE OF damage ON blobs BEGIN
      UPDATE totals SET quarantined = quarantined + (new.damage IS NOT NULL) - (old.damage IS NOT NULL);
    END;
    CREATE TRIGGER upload_added AFTER INSERT ON uploads BEGIN
      UPDATE totals SET uploads = uploads + 1;
    END;
    CREATE TRIGGER upload_removed AFTER DELETE ON uploads BEGIN
      UPDATE totals SET uploads = uploads - 1;
    END;
  `,
};
