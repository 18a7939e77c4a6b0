import { delegationProblem, liesWithin, repositoryActions } from './delegation.ts';
import type { PolicyEngine } from './engine.ts';
import { compileRule, failedFields } from './evaluate.ts';
import type { Action, PolicyInput, PolicyRule } from './types.ts';

/** An account that manages rules and tokens within a scope, the patterns of its grants. */
export interface Delegate {
  readonly caller: Omit<PolicyInput, 'action' | 'repository' | 'limits'>;
  readonly scope: readonly string[];
}

/** A rule before and after a change; `before` is absent for a new rule, `after` for one that is deleted. */
export interface RuleChange {
  readonly before?: PolicyRule | undefined;
  readonly after?: PolicyRule | undefined;
}

/**
 * A rule as a delegate writes it: it is never about its author, whom it would give what an admin may take away later, and a deny is
 * never about admins.
 */
export function asDelegated<R extends Pick<PolicyRule, 'effect' | 'exceptRoles' | 'exceptSubjects'>>(
  rule: R,
  author: string,
): R & { readonly exceptRoles: readonly string[]; readonly exceptSubjects: readonly string[] } {
  const { effect, exceptRoles = [], exceptSubjects = [] } = rule;
  const isListed = exceptSubjects.some((one) => one.toLowerCase() === author.toLowerCase());
  return {
    ...rule,
    exceptRoles: effect === 'deny' && !exceptRoles.includes('admin') ? [...exceptRoles, 'admin'] : exceptRoles,
    exceptSubjects: isListed ? exceptSubjects : [...exceptSubjects, author],
  };
}

/** Whether a rule names repositories, all of them within a scope: a delegate sees it. */
export function isRuleWithin({ repositories }: Pick<PolicyRule, 'repositories'>, scope: readonly string[]): boolean {
  return repositories.length > 0 && repositories.every((pattern) => liesWithin(pattern, scope));
}

/** Why a delegate may not make a change, as a sentence; `undefined` if they may. `after` is as `asDelegated` has made it. */
export function delegatedChangeProblem(
  { caller, scope }: Delegate,
  { before, after }: RuleChange,
  policy: Pick<PolicyEngine, 'isHeldThroughout'>,
): string | undefined {
  if (before !== undefined) {
    if (before.delegated !== true) return 'an admin has written this rule, and only admins change it';
    // Else a delegate would take away what another one denies them.
    if (before.effect === 'deny' && isAbout(before, caller)) return 'the rule denies something to you';
  }
  if (after === undefined) return undefined;
  if (after.accountTypes.includes('anonymous') && after.effect === 'allow')
    return 'only admins open repositories to guests';
  if (after.repositories.length === 0) return 'a rule of a delegate names repositories';
  return grantProblem({ caller, scope }, after, after.effect === 'allow', policy);
}

/**
 * Why a delegate may not let others do these actions in these repositories, by a rule or a token; no actions are all that concern
 * one repository. Unless it is for something that the delegate may do, `isHeld` is false.
 */
export function grantProblem(
  { caller, scope }: Delegate,
  { actions, repositories }: Pick<PolicyRule, 'actions' | 'repositories'>,
  isHeld: boolean,
  policy: Pick<PolicyEngine, 'isHeldThroughout'>,
): string | undefined {
  const beyond = repositories.find((pattern) => !liesWithin(pattern, scope));
  if (beyond !== undefined)
    return delegationProblem(beyond) ?? `the pattern ${JSON.stringify(beyond)} is beyond ${scope.join(', ')}`;
  const asked: readonly Action[] = actions.length === 0 ? repositoryActions : actions;
  const foreign = asked.find((action) => !repositoryActions.some((one) => one === action));
  if (foreign !== undefined) return `${foreign} cannot be delegated`;
  if (!isHeld) return undefined;
  for (const action of asked) {
    const lacking = repositories.find((pattern) => !policy.isHeldThroughout({ ...caller, action }, pattern));
    if (lacking !== undefined) return `your account itself may not do ${action} in all of ${lacking}`;
  }
  return undefined;
}

function isAbout(rule: PolicyRule, caller: Delegate['caller']): boolean {
  const anywhere = compileRule({ ...rule, repositories: [], actions: [] });
  return failedFields(anywhere, { ...caller, action: 'registry:pull' }).length === 0;
}
