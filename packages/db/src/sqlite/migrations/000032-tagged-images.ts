import type { Migration } from './migration.ts';

/** What a number in a version key begins with, and what may stand behind the first number of a version. */
const [digits, behind] = ['0123456789:;<=>?@', ' !-._'];

/**
 * By what images sort, as SQL of a tag's version key: `1` and the key without a leading `v` for a version, `0` and the key for another
 * name, so that from the last to the first all versions stand before names without one. The index below is used by this text.
 */
export function imageKey(versionKey: string): string {
  const isVersion = (key: string) =>
    `${key} GLOB '[0-9:-@]*' AND instr('${behind}', substr(ltrim(${key}, '${digits}'), 1, 1)) > 0`;
  const bare = `substr(${versionKey}, 2)`;
  return `CASE WHEN ${isVersion(versionKey)} THEN '1' || ${versionKey}
    WHEN ${versionKey} GLOB 'v*' AND ${isVersion(bare)} THEN '1' || ${bare} ELSE '0' || ${versionKey} END`;
}

const key = imageKey('version_key');

/** What the table has to have, of what tags say. */
export const countedImages = `SELECT manifest_id, repository_id, image_key, name, tag_count FROM (
  SELECT manifest_id, repository_id, ${key} AS image_key, name, count(*) OVER (PARTITION BY manifest_id) AS tag_count,
    row_number() OVER (PARTITION BY manifest_id ORDER BY ${key} DESC, name DESC) AS place FROM tags) WHERE place = 1`;

const join = `
  INSERT INTO tagged_images (manifest_id, repository_id, image_key, name, tag_count)
  VALUES (new.manifest_id, new.repository_id, ${imageKey('new.version_key')}, new.name, 1)
  ON CONFLICT (manifest_id) DO UPDATE SET tag_count = tag_count + 1,
    image_key = max(image_key, excluded.image_key),
    name = iif((excluded.image_key, excluded.name) > (image_key, name), excluded.name, name);`;
const leave = `
  UPDATE tagged_images SET tag_count = tag_count - 1 WHERE manifest_id = old.manifest_id;
  DELETE FROM tagged_images WHERE manifest_id = old.manifest_id
    AND NOT EXISTS (SELECT 1 FROM tags WHERE manifest_id = old.manifest_id);
  UPDATE tagged_images SET (image_key, name) = (SELECT ${key}, name FROM tags WHERE manifest_id = old.manifest_id
    ORDER BY ${key} DESC, name DESC LIMIT 1)
  WHERE manifest_id = old.manifest_id AND name = old.name;`;

/**
 * Images with tags, by the newest version among these, which lists show first. Triggers keep it, so that an older server keeps it as well.
 */
export const taggedImages: Migration = {
  id: 32,
  name: 'tagged-images',
  sql: `
    CREATE TABLE tagged_images (
      manifest_id INTEGER PRIMARY KEY,
      repository_id INTEGER NOT NULL,
      image_key TEXT NOT NULL,
      name TEXT NOT NULL,
      tag_count INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX tags_by_image ON tags (manifest_id, (${key}), name);
    INSERT INTO tagged_images ${countedImages};
    CREATE INDEX tagged_images_by_key ON tagged_images (repository_id, image_key, name);

    CREATE TRIGGER tag_joins_image AFTER INSERT ON tags BEGIN ${join}
    END;
    CREATE TRIGGER tag_leaves_image AFTER DELETE ON tags BEGIN ${leave}
    END;
    CREATE TRIGGER tag_moves AFTER UPDATE OF manifest_id ON tags WHEN old.manifest_id <> new.manifest_id BEGIN ${leave}${join}
    END;
  `,
};
