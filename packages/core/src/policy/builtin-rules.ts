import type { PolicyDefault, PolicyRule } from './types.ts';

/** The built-in rule that a closed registry does without. */
const peopleRuleId = -2;

/**
 * Rules that apply in addition to the stored ones, all of them in an open registry. All of them allow, so that a stored deny can restrict them.
 */
export const builtinRules: readonly PolicyRule[] = [
  {
    id: -1,
    priority: 0,
    description: 'Administrators may do everything',
    effect: 'allow',
    roles: ['admin'],
    accountTypes: [],
    actions: [],
    repositories: [],
  },
  {
    id: peopleRuleId,
    priority: 0,
    description: 'People may pull, push, delete and list everywhere',
    effect: 'allow',
    roles: [],
    accountTypes: ['human'],
    actions: ['registry:pull', 'registry:push', 'registry:delete', 'registry:catalog'],
    repositories: [],
  },
  {
    id: -3,
    priority: 0,
    description: 'Every account may check the API version',
    effect: 'allow',
    roles: [],
    accountTypes: [],
    actions: ['registry:version_check'],
    repositories: [],
  },
];

/** The built-in rules of a registry that is open, or closed. */
export function builtinRulesOf(policyDefault: PolicyDefault): readonly PolicyRule[] {
  return policyDefault === 'open' ? builtinRules : builtinRules.filter(({ id }) => id !== peopleRuleId);
}
