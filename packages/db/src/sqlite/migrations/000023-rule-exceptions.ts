import type { Migration } from './migration.ts';

/** Whom a rule is not about: callers with one of these roles, and these accounts. */
export const ruleExceptions: Migration = {
  id: 23,
  name: 'rule-exceptions',
  sql: `
    ALTER TABLE policy_rules ADD COLUMN except_roles TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(except_roles));
    ALTER TABLE policy_rules ADD COLUMN except_subjects TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(except_subjects));
  `,
};
