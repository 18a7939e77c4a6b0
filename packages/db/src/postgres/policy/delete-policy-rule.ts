import { assertExpected, describeFields } from '../../common/rule-changes.ts';
import type { PolicyRules } from '../../facets/policy.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpVersion, lockVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { type RuleRow, ruleColumns, toPolicyRule } from './policy-rules.ts';

export const deletePolicyRule: Operation<PolicyRules['deleteRule']> = (connection) => (input) => {
  const { id, expected } = input;
  return connection.write(input, async (tx) => {
    await lockVersion(tx, 'policy');
    const [deleted] = await tx.query<RuleRow>(`DELETE FROM policy_rules WHERE id = $1 RETURNING ${ruleColumns}`, [id]);
    if (deleted === undefined) return false;
    assertExpected(toPolicyRule(deleted), expected);
    await bumpVersion(tx, 'policy');
    const { priority, description, effect } = deleted;
    const details = { rule_id: String(id), ...describeFields({ priority, description, effect }) };
    await recordEvent(tx, input, { type: 'policy_rule_deleted', details });
    return true;
  });
};
