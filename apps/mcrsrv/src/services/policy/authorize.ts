import { type Action, isGuest, type PolicyInput, RegistryError, type RepositoryName } from '@mcr/core';
import { recordDenial } from '../audit/denials.ts';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { loginRequired } from '../identity/guests.ts';

/** The caller's request as policy sees it. */
export function policyInput(caller: Caller, action: Action, repository?: RepositoryName): PolicyInput {
  const { id, username, accountType, roles } = caller.principal;
  const { grant: limits } = caller;
  const asked = { action, ...(repository !== undefined && { repository }), ...(limits !== undefined && { limits }) };
  return { subject: id, username, accountType, roles, ...asked };
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
 * Resolves with the first of the actions that policy allows; `authorize` otherwise. A denial is that of the first action, the
 * one that the request is for, by the rule that decided about it. Guests get `UNAUTHORIZED`: an account may do what they may not.
 */
export async function authorizeAny(
  context: ServiceContext,
  caller: Caller,
  actions: readonly [Action, ...Action[]],
  repository?: RepositoryName,
): Promise<Action> {
  const policy = await context.policy.current();
  const decide = (action: Action) => policy.evaluate(policyInput(caller, action, repository));
  const [action, ...others] = actions;
  const { effect, rule, isBeyondToken = false } = decide(action);
  if (effect === 'allow') return action;
  const other = others.find((one) => decide(one).effect === 'allow');
  if (other !== undefined) return other;
  const concerned = repository === undefined ? {} : { repository };
  const reason = isBeyondToken ? 'token' : String(rule?.id ?? 'default');
  await recordDenial(context, caller, { action, rule: reason, ...concerned });
  const detail = { action, ...concerned, request_id: caller.requestId };
  if (isGuest(caller.principal)) throw loginRequired(detail);
  const place = repository === undefined ? '' : ` in repository ${repository}`;
  const denied = isBeyondToken ? 'Your token is not for' : 'Your account may not do';
  throw new RegistryError('DENIED', `${denied} ${action}${place}`, { detail });
}

/** Lists show a guest what it may pull; so it needs no right to list, but a rule may deny it. `authorize` for accounts. */
export async function authorizeList(context: ServiceContext, caller: Caller): Promise<void> {
  const isOpen = isGuest(caller.principal) && !(await isDeniedByRule(context, caller, 'registry:catalog'));
  if (!isOpen) await authorize(context, caller, 'registry:catalog');
}

async function isDeniedByRule(context: ServiceContext, caller: Caller, action: Action): Promise<boolean> {
  const { effect, rule } = await context.policy.decide(policyInput(caller, action));
  return effect === 'deny' && rule !== undefined;
}

/** Actions that allow HEAD of a blob or a manifest: clients look what is there before they push it. */
export const headActions = ['registry:pull', 'registry:push'] as const;
