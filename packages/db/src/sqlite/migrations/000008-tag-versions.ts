import type { Migration } from './migration.ts';

/** Tags in the order of the versions in their names; `version_key` is the function of the same name of this program. */
export const tagVersions: Migration = {
  id: 8,
  name: 'tag-versions',
  sql: `
    ALTER TABLE tags ADD COLUMN version_key TEXT NOT NULL DEFAULT '';
    UPDATE tags SET version_key = version_key(name);
    CREATE INDEX IF NOT EXISTS tags_by_version ON tags (repository_id, version_key, name);
  `,
};
