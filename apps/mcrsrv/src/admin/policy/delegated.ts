import {
  asDelegated,
  type Delegate,
  delegatedChangeProblem,
  isRuleWithin,
  type PolicyRule,
  type RuleChange,
} from '@mcr/core';
import type { NewPolicyRule, PolicyRulePatch, StoredPolicyRule } from '@mcr/db';
import type { Caller } from '../../services/caller.ts';
import type { ServiceContext } from '../../services/context.ts';
import { optionsOf } from '../access.ts';
import { beyondScope, denyDelegate } from '../delegations/delegate.ts';
import type { Operation } from '../operation.ts';

/** What denials of an operation name. */
export function actionOf(method: Operation['method']): string {
  return optionsOf(method).access.action;
}

/** A rule of a delegate's, as it is stored. */
export function delegatedRule(rule: NewPolicyRule, { caller }: Delegate): NewPolicyRule {
  return { ...asDelegated(rule, caller.subject), delegated: true };
}

/** Rejects what a delegate may not change. Throws `DENIED`, after an audit event. */
export async function requireChange(
  services: ServiceContext,
  caller: Caller,
  delegate: Delegate,
  { action, before, after }: RuleChange & { readonly action: string },
): Promise<void> {
  const problem = delegatedChangeProblem(delegate, { before, after }, await services.policy.current());
  if (problem !== undefined) await denyDelegate(services, caller, delegate, { action, problem });
}

/** The stored rule, if it lies within what a delegate sees. Throws `DENIED`, alike for one beyond and for one that does not exist. */
export async function ruleWithin(
  services: ServiceContext,
  caller: Caller,
  delegate: Delegate,
  { action, id }: { readonly action: string; readonly id: number },
): Promise<StoredPolicyRule> {
  const rule = await services.store.policy.getRule(id);
  if (rule !== undefined && isRuleWithin(rule, delegate.scope)) return rule;
  return await denyDelegate(services, caller, delegate, { action, problem: beyondScope(id) });
}

/** The rule that a patch makes of another one. */
export function patched(rule: StoredPolicyRule, { subject, ...patch }: PolicyRulePatch): NewPolicyRule & PolicyRule {
  const { subject: before, ...rest } = rule;
  const named = subject === undefined ? before : (subject ?? undefined);
  return { ...rest, ...patch, ...(named !== undefined && { subject: named }) };
}

/** Every field of a rule, so that what was checked is what will be stored. */
export function wholePatch(rule: NewPolicyRule): PolicyRulePatch {
  const { priority, description, effect, roles, accountTypes, subject = null, actions, repositories, enabled } = rule;
  const { exceptRoles = [], exceptSubjects = [], delegated = false } = rule;
  const exceptions = { exceptRoles, exceptSubjects };
  return {
    priority,
    description,
    effect,
    roles,
    accountTypes,
    subject,
    actions,
    repositories,
    enabled,
    ...exceptions,
    delegated,
  };
}
