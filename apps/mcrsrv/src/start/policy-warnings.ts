import type { ConfigProblem } from '@mcr/config';
import { type PolicyRule, ruleWarnings } from '@mcr/core';
import { readPolicyRules } from '@mcr/db';

type Rule = Pick<PolicyRule, 'id' | 'description' | 'roles' | 'accountTypes' | 'actions' | 'repositories'>;

/** What is odd about stored rules, for the log at the start; a rule from before odd ones were rejected stops nothing. */
export function policyWarnings(rules: readonly Rule[]): ConfigProblem[] {
  return rules.flatMap((rule) => ruleWarnings(rule).map((message) => ({ key: `policy rule ${rule.id}`, message })));
}

/** The same of a database that no server need have open; none where it cannot be read, which is a problem of its own. */
export function storedPolicyWarnings(path: string): ConfigProblem[] {
  try {
    return policyWarnings(readPolicyRules(path));
  } catch {
    return [];
  }
}
