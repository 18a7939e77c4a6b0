import type { PolicyRulePatch } from '@mcr/db';
import { PolicyService, type UpdatePolicyRuleRequest } from '@mcr/rpc/mcr/v1/policy_pb';
import type { ServiceContext } from '../../services/context.ts';
import { changeBy } from '../call.ts';
import { operation } from '../operation.ts';
import { checkRule, ruleUnknown, shownRule } from './rule.ts';
import { exceptedOf, subjectOf } from './subjects.ts';

/**
 * Changes a rule, in force at once. `NOT_FOUND`, `PARAMETER_INVALID`, also for a rule that no request can match; what is wrong
 * with a stored rule keeps no one from disabling it.
 */
export const updatePolicyRule = operation(PolicyService.method.updatePolicyRule, async (services, call, request) => {
  const id = Number(request.id);
  const patch = await patchOf(services, request);
  await checkChange(services, id, patch);
  const rule = await services.store.policy.updateRule({ id, patch, ...changeBy(services, call) });
  if (rule === undefined) throw ruleUnknown(id);
  return { rule: shownRule(rule) };
});

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
