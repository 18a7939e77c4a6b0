import type { Migration } from './migration.ts';

/** What the table has to have, of what tags say. */
export const countedImages = `SELECT DISTINCT ON (manifest_id) manifest_id, repository_id, image_key(version_key) AS image_key, name,
  count(*) OVER (PARTITION BY manifest_id) AS tag_count FROM tags ORDER BY manifest_id, image_key(version_key) DESC, name DESC`;

/**
 * What SQLite has since its schema 32: images with tags, by the newest version among these. What changes the tags of a repository
 * holds its row, so that an image is of one transaction. The trigger comes before the rows, so that its lock keeps tags from changing.
 */
export const taggedImages: Migration = {
  id: 10,
  name: 'tagged-images',
  worksWith: 1,
  sql: `
    CREATE FUNCTION image_key(version_key text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT CASE WHEN version_key COLLATE "C" ~ '^v?[0-9:-@][0-9]+[-.!_ ]'
        THEN '1' || regexp_replace(version_key, '^v', '') ELSE '0' || version_key END
    $$;
    CREATE TABLE tagged_images (
      manifest_id bigint PRIMARY KEY,
      repository_id bigint NOT NULL,
      image_key text COLLATE "C" NOT NULL,
      name text COLLATE "C" NOT NULL,
      tag_count bigint NOT NULL
    ) WITH (fillfactor = 80);
    CREATE FUNCTION tag_of_image() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP <> 'INSERT' THEN
        UPDATE tagged_images SET tag_count = tag_count - 1 WHERE manifest_id = OLD.manifest_id;
        DELETE FROM tagged_images WHERE manifest_id = OLD.manifest_id
          AND NOT EXISTS (SELECT 1 FROM tags WHERE manifest_id = OLD.manifest_id);
        UPDATE tagged_images SET (image_key, name) = (SELECT image_key(version_key), name FROM tags
          WHERE manifest_id = OLD.manifest_id ORDER BY image_key(version_key) DESC, name DESC LIMIT 1)
        WHERE manifest_id = OLD.manifest_id AND name = OLD.name;
      END IF;
      IF TG_OP <> 'DELETE' THEN
        INSERT INTO tagged_images AS i (manifest_id, repository_id, image_key, name, tag_count)
        VALUES (NEW.manifest_id, NEW.repository_id, image_key(NEW.version_key), NEW.name, 1)
        ON CONFLICT (manifest_id) DO UPDATE SET tag_count = i.tag_count + 1,
          image_key = greatest(i.image_key, excluded.image_key),
          name = CASE WHEN (excluded.image_key, excluded.name) > (i.image_key, i.name) THEN excluded.name ELSE i.name END;
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER tag_joins_or_leaves_image AFTER INSERT OR DELETE ON tags FOR EACH ROW EXECUTE FUNCTION tag_of_image();
    CREATE TRIGGER tag_moves AFTER UPDATE OF manifest_id ON tags FOR EACH ROW
      WHEN (OLD.manifest_id <> NEW.manifest_id) EXECUTE FUNCTION tag_of_image();
    CREATE INDEX tags_by_image ON tags (manifest_id, image_key(version_key), name);
    INSERT INTO tagged_images ${countedImages};
    CREATE INDEX tagged_images_by_key ON tagged_images (repository_id, image_key, name);
  `,
};
