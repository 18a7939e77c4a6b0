import type { Migration } from './migration.ts';

/** Failed logins, for all processes together. `seq` is the order of the last failures, so that the oldest rows go first. */
export const loginFailures: Migration = {
  id: 19,
  name: 'login-failures',
  sql: `
    CREATE TABLE login_failures (
      seq INTEGER PRIMARY KEY,
      key TEXT NOT NULL UNIQUE,
      level REAL NOT NULL,
      at INTEGER NOT NULL
    ) STRICT;
  `,
};
