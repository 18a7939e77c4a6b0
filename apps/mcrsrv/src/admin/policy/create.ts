import type { PolicyRule } from '@mcr/core';
import type { NewPolicyRule } from '@mcr/db';
import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { changeBy } from '../call.ts';
import { delegateOf } from '../delegations/delegate.ts';
import { operation } from '../operation.ts';
import { actionOf, delegatedRule, requireChange } from './delegated.ts';
import { checkRule, shownRule } from './rule.ts';
import { exceptedOf, subjectOf } from './subjects.ts';

const action = actionOf(PolicyService.method.createPolicyRule);

/**
 * Creates a rule, in force at once. `PARAMETER_INVALID`, also for a rule that no request can match; `DENIED` for what a delegate may
 * not write.
 */
export const createPolicyRule = operation(
  PolicyService.method.createPolicyRule,
  async (services, call, { subject = '', enabled = true, exceptSubjects: excepted, ...request }) => {
    const { priority, description, effect, roles, actions, repositories, accountTypes, exceptRoles } = request;
    const delegate = await delegateOf(services, call.caller, action);
    const asked = { id: 0, ...request, exceptSubjects: excepted, enabled } as PolicyRule;
    if (delegate) await requireChange(services, call.caller, delegate, { action, after: asked });
    const scope = { roles, actions, repositories, enabled, accountTypes };
    const account = subject === '' ? {} : { subject: await subjectOf(services, subject, 'subject') };
    const exceptSubjects = await exceptedOf(services, excepted);
    const exceptions = {
      ...(exceptRoles.length > 0 && { exceptRoles }),
      ...(exceptSubjects.length > 0 && { exceptSubjects }),
    };
    const written = { priority, description, effect, ...scope, ...exceptions, ...account } as NewPolicyRule;
    const rule = delegate === undefined ? written : delegatedRule(written, delegate);
    checkRule(services, rule);
    return { rule: shownRule(await services.store.policy.createRule({ rule, ...changeBy(services, call) })) };
  },
);
