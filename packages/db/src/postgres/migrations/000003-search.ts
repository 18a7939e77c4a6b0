import type { Migration } from './migration.ts';

/** Finds tags by their beginning, and manifests by that of their digest, in whatever repository they are. */
export const search: Migration = {
  id: 3,
  name: 'search',
  worksWith: 1,
  sql: `
    CREATE INDEX tags_by_name ON tags (name, repository_id);
    CREATE INDEX manifests_by_digest ON manifests (digest, repository_id);
  `,
};
