import type { Migration } from './migration.ts';

/** Before an admin goes, the others are looked for; a role stands in the JSON of a list as it is, in quotes. */
export const adminAccounts: Migration = {
  id: 10,
  name: 'admin-accounts',
  sql: `
    CREATE INDEX IF NOT EXISTS admin_accounts ON accounts (id) WHERE enabled = 1 AND instr(roles, '"admin"') > 0;
  `,
};
