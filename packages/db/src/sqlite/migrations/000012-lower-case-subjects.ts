import type { Migration } from './migration.ts';

/** A subject is a UUID, which accounts have in lower case; rules took it as it was typed, and matched no account. */
export const lowerCaseSubjects: Migration = {
  id: 12,
  name: 'lower-case-subjects',
  sql: `
    UPDATE policy_rules SET subject = lower(subject) WHERE subject <> lower(subject);
  `,
};
