import { type Action, type PolicyInput, RegistryError, type RepositoryName } from '@mcr/core';
import { actorOf, type Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';

/** The caller's request as policy sees it. */
export function policyInput(caller: Caller, action: Action, repository?: RepositoryName): PolicyInput {
  const { id, username, accountType, roles } = caller.principal;
  return { subject: id, username, accountType, roles, action, ...(repository !== undefined && { repository }) };
}

/** Whether policy allows it, without a trace in the audit log: for what only narrows a response. */
export async function isAllowed(
  context: ServiceContext,
  caller: Caller,
  action: Action,
  repository?: RepositoryName,
): Promise<boolean> {
  return (await context.policy.decide(policyInput(caller, action, repository))).effect === 'allow';
}

/** Whether the caller may pull from every repository, and so may know what others than the one at hand hold. */
export async function seesEverything(context: ServiceContext, caller: Caller): Promise<boolean> {
  return (await context.policy.current()).allowsEverywhere(policyInput(caller, 'registry:pull'));
}

/**
 * The first line of every verb. Throws `DENIED`, after an audit event that names the deciding rule. It never looks at
 * what exists, so the responses for a forbidden and an unknown repository are the same.
 */
export async function authorize(
  context: ServiceContext,
  caller: Caller,
  action: Action,
  repository?: RepositoryName,
): Promise<void> {
  await authorizeAny(context, caller, [action], repository);
}

/**
 * Passes when policy allows one of the actions; `authorize` otherwise. A denial is that of the first action, the one
 * that the request is for, by the rule that decided about it.
 */
export async function authorizeAny(
  context: ServiceContext,
  caller: Caller,
  actions: readonly [Action, ...Action[]],
  repository?: RepositoryName,
): Promise<void> {
  const policy = await context.policy.current();
  const decisions = actions.map((action) => policy.evaluate(policyInput(caller, action, repository)));
  if (decisions.some(({ effect }) => effect === 'allow')) return;
  const [action] = actions;
  const rule = decisions[0]?.rule;
  await context.audit.record({
    type: 'policy_deny',
    at: context.clock.now(),
    actor: actorOf(caller),
    ...(repository !== undefined && { repository }),
    details: { action, rule: rule === undefined ? 'default' : String(rule.id) },
  });
  const place = repository === undefined ? '' : ` in repository ${repository}`;
  throw new RegistryError('DENIED', `Your account may not do ${action}${place}`, {
    detail: { action, ...(repository !== undefined && { repository }) },
  });
}

/** Actions that allow HEAD of a blob or a manifest: clients look what is there before they push it. */
export const headActions = ['registry:pull', 'registry:push'] as const;
