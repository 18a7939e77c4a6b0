import { guestActions } from './evaluate.ts';
import { patternProblem } from './pattern-problem.ts';
import type { Action, PolicyRule } from './types.ts';

type Scope = Pick<
  PolicyRule,
  'roles' | 'accountTypes' | 'subject' | 'actions' | 'repositories' | 'exceptRoles' | 'exceptSubjects'
> & {
  readonly rewrittenFrom?: readonly string[] | undefined;
};

/** Actions that never concern a repository, so that rules with patterns do not match them. */
const global: ReadonlySet<Action> = new Set(['registry:version_check', 'registry:catalog', 'policy:manage']);

/** Why the actions and the patterns of a rule exclude each other; `undefined` if they do not. */
export function scopeProblem({ actions, repositories }: Pick<Scope, 'actions' | 'repositories'>): string | undefined {
  if (repositories.length === 0 || actions.length === 0 || !actions.every((action) => global.has(action)))
    return undefined;
  return `the rule never matches, since it has patterns but its actions (${actions.join(', ')}) concern no repository: leave the repositories empty`;
}

type Callers = Pick<Scope, 'roles' | 'subject' | 'exceptRoles' | 'exceptSubjects'>;

/** Why a rule excepts every caller that it is about, and the field that does; `undefined` if none does. */
export function exceptionProblem({
  roles,
  subject = '',
  exceptRoles = [],
  exceptSubjects = [],
}: Callers): { readonly field: 'exceptRoles' | 'exceptSubjects'; readonly problem: string } | undefined {
  if (subject !== '' && exceptSubjects.some((except) => except.toLowerCase() === subject.toLowerCase())) {
    const problem = 'the rule never matches, since it excepts the account that it is about';
    return { field: 'exceptSubjects', problem };
  }
  if (roles.length > 0 && roles.every((role) => exceptRoles.includes(role))) {
    const problem = `the rule never matches, since it excepts every role that it is about (${roles.join(', ')})`;
    return { field: 'exceptRoles', problem };
  }
  return undefined;
}

type GuestScope = Pick<PolicyRule, 'effect' | 'accountTypes' | 'roles' | 'subject' | 'actions'>;

/** Why a rule must not be about guests, and the field that is wrong; `undefined` for one that is not, or may be. */
export function guestProblem({
  effect,
  accountTypes,
  roles,
  subject = '',
  actions,
}: GuestScope): { readonly field: 'roles' | 'subject' | 'actions'; readonly problem: string } | undefined {
  if (!accountTypes.includes('anonymous') || effect === 'deny') return undefined;
  if (subject !== '') return { field: 'subject', problem: 'must be empty in a rule for guests, who have no account' };
  if (roles.length > 0) return { field: 'roles', problem: 'must be empty in a rule for guests, who have no roles' };
  if (actions.length > 0 && actions.every((action) => guestActions.includes(action))) return undefined;
  return { field: 'actions', problem: `must be among ${guestActions.join(', ')} in a rule for guests` };
}

/**
 * Warnings about parts of a stored rule that can never match, about patterns that match less than they seem to, and about
 * patterns that an upgrade has rewritten; none for a sound rule. Rules that were created before such ones were rejected may
 * have some.
 */
export function ruleWarnings(rule: Scope): readonly string[] {
  const warnings = [
    scopeProblem(rule),
    exceptionProblem(rule)?.problem,
    ...rule.repositories.map(patternProblem),
    rewriting(rule),
  ];
  return warnings.filter((warning) => warning !== undefined);
}

function rewriting({ rewrittenFrom, repositories }: Scope): string | undefined {
  if (rewrittenFrom === undefined) return undefined;
  const changes = rewrittenFrom.flatMap((before, at) => {
    const now = repositories[at];
    return now === undefined || now === before ? [] : [`${JSON.stringify(before)} to ${JSON.stringify(now)}`];
  });
  if (changes.length === 0) return undefined;
  return `an upgrade has rewritten ${changes.join(' and ')}, which matches the same as before: ** now crosses slashes, and {username} is the caller's name; saving the rule, as it is or with the pattern that you meant, ends this warning`;
}

/** Whether the rule applies to every account, action and repository. */
export function isForEverything({ roles, accountTypes, subject = '', actions, repositories, ...rest }: Scope): boolean {
  const { exceptRoles = [], exceptSubjects = [] } = rest;
  const fields = [roles, accountTypes, subject, actions, repositories, exceptRoles, exceptSubjects];
  return fields.every(({ length }) => length === 0);
}
