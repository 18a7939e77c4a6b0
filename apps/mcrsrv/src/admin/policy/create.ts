import type { NewPolicyRule } from '@mcr/db';
import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { changeBy } from '../call.ts';
import { operation } from '../operation.ts';
import { checkRule, shownRule } from './rule.ts';
import { exceptedOf, subjectOf } from './subjects.ts';

/** Creates a rule, in force at once. `PARAMETER_INVALID`, also for a rule that no request can match. */
export const createPolicyRule = operation(
  PolicyService.method.createPolicyRule,
  async (services, call, { subject = '', enabled = true, exceptSubjects: excepted, ...request }) => {
    const { priority, description, effect, roles, actions, repositories, accountTypes, exceptRoles } = request;
    const scope = { roles, actions, repositories, enabled, accountTypes };
    const account = subject === '' ? {} : { subject: await subjectOf(services, subject, 'subject') };
    const exceptSubjects = await exceptedOf(services, excepted);
    const exceptions = {
      ...(exceptRoles.length > 0 && { exceptRoles }),
      ...(exceptSubjects.length > 0 && { exceptSubjects }),
    };
    const rule = { priority, description, effect, ...scope, ...exceptions, ...account } as NewPolicyRule;
    checkRule(services, rule);
    return { rule: shownRule(await services.store.policy.createRule({ rule, ...changeBy(services, call) })) };
  },
);
