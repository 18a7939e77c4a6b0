import { patternProblem } from './pattern-problem.ts';
import type { Action, PolicyRule } from './types.ts';

type Scope = Pick<PolicyRule, 'roles' | 'accountTypes' | 'subject' | 'actions' | 'repositories'>;

/** Actions that never concern a repository, so that rules with patterns do not match them. */
const global: ReadonlySet<Action> = new Set(['registry:version_check', 'registry:catalog', 'policy:manage']);

/** Why the actions and the patterns of a rule exclude each other; `undefined` if they do not. */
export function scopeProblem({ actions, repositories }: Pick<Scope, 'actions' | 'repositories'>): string | undefined {
  if (repositories.length === 0 || actions.length === 0 || !actions.every((action) => global.has(action)))
    return undefined;
  return `the rule never matches, since it has patterns but its actions (${actions.join(', ')}) concern no repository: leave the repositories empty`;
}

/**
 * Warnings about parts of a stored rule that can never match, and about patterns that match less than they seem to;
 * none for a sound rule. Rules that were created before such ones were rejected may have some.
 */
export function ruleWarnings(rule: Scope): readonly string[] {
  const scope = scopeProblem(rule);
  const patterns = rule.repositories.map((pattern) => patternProblem(pattern) ?? patternWarning(pattern));
  return [...(scope === undefined ? [] : [scope]), ...patterns.filter((warning) => warning !== undefined)];
}

/** Whether the rule applies to every account, action and repository. */
export function isForEverything({ roles, accountTypes, subject = '', actions, repositories }: Scope): boolean {
  return [roles, accountTypes, subject, actions, repositories].every(({ length }) => length === 0);
}

function patternWarning(pattern: string): string | undefined {
  if (!pattern.includes('**')) return undefined;
  const single = pattern.replaceAll(/\*{2,}/g, '*');
  return `the pattern ${JSON.stringify(pattern)} matches the same as ${JSON.stringify(single)}: no star crosses a slash`;
}
