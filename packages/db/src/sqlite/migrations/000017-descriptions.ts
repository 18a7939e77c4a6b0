import type { Migration } from './migration.ts';

/** What a repository is for, in words. */
export const descriptions: Migration = {
  id: 17,
  name: 'descriptions',
  sql: 'ALTER TABLE repositories ADD COLUMN description TEXT;',
};
