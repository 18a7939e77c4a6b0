import { eq } from 'drizzle-orm';
import { assertExpected, describeFields } from '../../common/rule-changes.ts';
import type { PolicyRules } from '../../facets/policy.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import { prepareBumpVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { policyRules } from '../schema/index.ts';
import { toPolicyRule } from './policy-rules.ts';

export const deletePolicyRule: Operation<PolicyRules['deleteRule']> = (connection) => {
  const log = prepareEventLog(connection);
  const bumpVersion = prepareBumpVersion(connection);
  return (input) => {
    const { id, expected } = input;
    return connection.write(() => {
      const [deleted] = connection.db.delete(policyRules).where(eq(policyRules.id, id)).returning().all();
      if (deleted === undefined) return false;
      assertExpected(toPolicyRule(deleted), expected);
      bumpVersion('policy');
      const { priority, description, effect } = deleted;
      const details = { rule_id: String(id), ...describeFields({ priority, description, effect }) };
      log.record(input, { type: 'policy_rule_deleted', details });
      return true;
    });
  };
};
