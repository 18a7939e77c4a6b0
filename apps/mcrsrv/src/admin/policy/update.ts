import type { Delegate } from '@mcr/core';
import type { PolicyRulePatch, PolicyRules } from '@mcr/db';
import { PolicyService, type UpdatePolicyRuleRequest } from '@mcr/rpc/mcr/v1/policy_pb';
import type { Caller } from '../../services/caller.ts';
import type { ServiceContext } from '../../services/context.ts';
import { changeBy } from '../call.ts';
import { delegateOf } from '../delegations/delegate.ts';
import { operation } from '../operation.ts';
import { actionOf, delegatedRule, patched, requireChange, ruleWithin, wholePatch } from './delegated.ts';
import { checkRule, ruleUnknown, shownRule } from './rule.ts';
import { exceptedOf, subjectOf } from './subjects.ts';

const action = actionOf(PolicyService.method.updatePolicyRule);

/**
 * Changes a rule, in force at once; one of a delegate's that an admin changes is the admin's from then on. `NOT_FOUND`,
 * `PARAMETER_INVALID`, also for a rule that no request can match; what is wrong with a stored rule keeps no one from disabling it.
 * `DENIED` for what a delegate may not change, `CONFLICT` when it was changed meanwhile.
 */
export const updatePolicyRule = operation(PolicyService.method.updatePolicyRule, async (services, call, request) => {
  const id = Number(request.id);
  const delegate = await delegateOf(services, call.caller, action);
  const change = delegate
    ? await delegatedChange(services, call.caller, delegate, request)
    : await adminChange(services, request);
  const rule = await services.store.policy.updateRule({ id, ...change, ...changeBy(services, call) });
  if (rule === undefined) throw ruleUnknown(id);
  return { rule: shownRule(rule) };
});

type RuleUpdate = Pick<Parameters<PolicyRules['updateRule']>[0], 'patch' | 'expected'>;

async function adminChange(services: ServiceContext, request: UpdatePolicyRuleRequest): Promise<RuleUpdate> {
  const patch = await patchOf(services, request);
  await checkChange(services, Number(request.id), patch);
  return { patch: { ...patch, delegated: false } };
}

/** The whole rule is checked, and stored only in place of the one that was looked at. */
async function delegatedChange(
  services: ServiceContext,
  caller: Caller,
  delegate: Delegate,
  request: UpdatePolicyRuleRequest,
): Promise<RuleUpdate> {
  const id = Number(request.id);
  const before = await ruleWithin(services, caller, delegate, { action, id });
  const asked = patched(before, withoutAccounts(request));
  await requireChange(services, caller, delegate, { action, before, after: asked });
  const patch = await patchOf(services, request);
  const rule = delegatedRule(patched(before, patch), delegate);
  checkRule(services, rule, patch.roles ?? []);
  return { patch: wholePatch(rule), expected: before };
}

/** The fields that say what a rule does and where; names of accounts are looked up only for who may write it. */
function withoutAccounts({ effect, accountTypes, actions, repositories }: UpdatePolicyRuleRequest): PolicyRulePatch {
  const fields = {
    effect,
    accountTypes: accountTypes?.values,
    actions: actions?.values,
    repositories: repositories?.values,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as PolicyRulePatch;
}

/** What is given, without what is not. An empty subject matches every account. */
async function patchOf(
  services: ServiceContext,
  { priority, description, effect, subject, enabled, ...lists }: UpdatePolicyRuleRequest,
): Promise<PolicyRulePatch> {
  const excepted = lists.exceptSubjects?.values;
  const fields = {
    priority,
    description,
    effect,
    roles: lists.roles?.values,
    accountTypes: lists.accountTypes?.values,
    subject: subject === '' ? null : subject && (await subjectOf(services, subject, 'subject')),
    actions: lists.actions?.values,
    repositories: lists.repositories?.values,
    exceptRoles: lists.exceptRoles?.values,
    exceptSubjects: excepted && (await exceptedOf(services, excepted)),
    enabled,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as PolicyRulePatch;
}

/** Fields that are right or wrong only together with others. */
const together = [
  'effect',
  'accountTypes',
  'roles',
  'subject',
  'actions',
  'repositories',
  'exceptRoles',
  'exceptSubjects',
] as const;

/** What is left out of the patch counts too where it bears on what is in it. */
async function checkChange(services: ServiceContext, id: number, patch: PolicyRulePatch): Promise<void> {
  const touched = together.some((field) => patch[field] !== undefined);
  const before = touched ? await services.store.policy.getRule(id) : undefined;
  const { subject, ...after } = { ...before, ...patch };
  checkRule(services, touched ? { ...after, ...(subject && { subject }) } : {}, patch.roles);
}
