import type { Migration } from './migration.ts';

/** Each new upload asks how many its account has open. */
export const uploadsByAccount: Migration = {
  id: 6,
  name: 'uploads-by-account',
  sql: `
    CREATE INDEX IF NOT EXISTS uploads_by_account ON uploads (created_by, touched_at);
  `,
};
