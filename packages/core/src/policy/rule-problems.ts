import { patternProblem } from './pattern-problem.ts';
import type { Action, PolicyRule } from './types.ts';

type Scope = Pick<PolicyRule, 'roles' | 'accountTypes' | 'subject' | 'actions' | 'repositories'>;

/** Actions that are never about one repository, so that a rule with patterns does not match them. */
const global: ReadonlySet<Action> = new Set(['registry:version_check', 'registry:catalog', 'policy:manage']);

/** Why the actions and the patterns of a rule exclude each other; `undefined` when they do not. */
export function scopeProblem({ actions, repositories }: Pick<Scope, 'actions' | 'repositories'>): string | undefined {
  if (repositories.length === 0 || actions.length === 0 || !actions.every((action) => global.has(action)))
    return undefined;
  return `${actions.join(' and ')} is about no single repository, so that a rule with patterns never matches: leave the repositories empty`;
}

/**
 * What keeps parts of a stored rule from ever matching, and patterns that match less than they look like, as sentences; none
 * for a sound rule. Rules from before such ones were rejected may have some.
 */
export function ruleWarnings(rule: Scope): readonly string[] {
  const scope = scopeProblem(rule);
  const patterns = rule.repositories.map((pattern) => patternProblem(pattern) ?? patternWarning(pattern));
  return [...(scope === undefined ? [] : [scope]), ...patterns.filter((warning) => warning !== undefined)];
}

/** Whether the rule is for every account, action and repository. */
export function isForEverything({ roles, accountTypes, subject = '', actions, repositories }: Scope): boolean {
  return [roles, accountTypes, subject, actions, repositories].every(({ length }) => length === 0);
}

function patternWarning(pattern: string): string | undefined {
  if (!pattern.includes('**')) return undefined;
  const single = pattern.replaceAll(/\*{2,}/g, '*');
  return `the pattern ${JSON.stringify(pattern)} matches the same as ${JSON.stringify(single)}: no star crosses a slash`;
}
