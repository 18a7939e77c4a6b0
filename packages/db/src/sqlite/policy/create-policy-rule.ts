import { describeFields } from '../../common/rule-changes.ts';
import type { PolicyRules } from '../../facets/policy.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import { prepareBumpVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { policyRules } from '../schema/index.ts';
import { toPolicyRule } from './policy-rules.ts';

export const createPolicyRule: Operation<PolicyRules['createRule']> = (connection) => {
  const log = prepareEventLog(connection);
  const bumpVersion = prepareBumpVersion(connection);
  return (input) => {
    const { rule, actor, now } = input;
    return connection.write(() => {
      const created = connection.db
        .insert(policyRules)
        .values({ ...rule, createdBy: actor.id ?? null, createdAt: now, updatedAt: now })
        .returning()
        .get();
      bumpVersion('policy');
      const details = { rule_id: String(created.id), ...describeFields(rule) };
      log.record(input, { type: 'policy_rule_created', details });
      return toPolicyRule(created);
    });
  };
};
