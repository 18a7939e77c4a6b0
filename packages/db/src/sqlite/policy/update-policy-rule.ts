import { eq } from 'drizzle-orm';
import { assertExpected, changedFields, describeFields } from '../../common/rule-changes.ts';
import type { PolicyRules } from '../../facets/policy.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import { prepareBumpVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { policyRules } from '../schema/index.ts';
import { findPolicyRule, toPolicyRule } from './policy-rules.ts';

export const updatePolicyRule: Operation<PolicyRules['updateRule']> = (connection) => {
  const log = prepareEventLog(connection);
  const bumpVersion = prepareBumpVersion(connection);
  return (input) => {
    const { id, patch, expected, now } = input;
    return connection.write(() => {
      const rule = findPolicyRule(connection, id);
      if (rule === undefined) return undefined;
      assertExpected(rule, expected);
      const changes = changedFields(rule, patch);
      const updated = connection.db
        .update(policyRules)
        .set({ ...changes, ...(patch.repositories !== undefined && { rewrittenFrom: null }), updatedAt: now })
        .where(eq(policyRules.id, id))
        .returning()
        .get();
      bumpVersion('policy');
      log.record(input, { type: 'policy_rule_updated', details: { rule_id: String(id), ...describeFields(changes) } });
      return toPolicyRule(updated);
    });
  };
};
