import type { Migration } from './migration.ts';

/**
 * Two stars meant one, and braces nothing; now `**` crosses slashes and `{username}` is the caller's name. Stored patterns keep
 * their meaning, in the new spelling, and the rule the old one, which is shown until its patterns are saved again. In a class and
 * after a backslash a star is one, and no repository name has any, so there nothing changes either.
 */
export const patternMeaning: Migration = {
  id: 22,
  name: 'pattern-meaning',
  sql: `
    ALTER TABLE policy_rules ADD COLUMN rewritten_from TEXT CHECK (json_valid(rewritten_from));
    UPDATE policy_rules SET rewritten_from = repositories
      WHERE instr(repositories, '**') > 0 OR instr(repositories, '{username}') > 0;
    WITH RECURSIVE steps (id, text) AS (
      SELECT id, replace(repositories, '{username}', '\\\\{username}') FROM policy_rules WHERE rewritten_from IS NOT NULL
      UNION ALL
      SELECT id, replace(text, '**', '*') FROM steps WHERE instr(text, '**') > 0
    )
    UPDATE policy_rules SET repositories = steps.text FROM steps
      WHERE steps.id = policy_rules.id AND instr(steps.text, '**') = 0;
    UPDATE versions SET n = n + 1 WHERE scope = 'policy';
  `,
};
