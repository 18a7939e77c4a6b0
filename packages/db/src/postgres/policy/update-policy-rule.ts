import { assertExpected, changedFields, describeFields } from '../../common/rule-changes.ts';
import type { PolicyRules } from '../../facets/policy.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpVersion, lockVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { type RuleRow, ruleColumns, toPolicyRule } from './policy-rules.ts';
import { ruleValues } from './rule-values.ts';

const find = `SELECT ${ruleColumns} FROM policy_rules WHERE id = $1`;
/** A subject is a new one, or null for none, only if the patch has it; new patterns end `rewritten_from`. */
const update = `UPDATE policy_rules SET priority = coalesce($1, priority), description = coalesce($2, description),
    effect = coalesce($3, effect), roles = coalesce($4, roles), account_types = coalesce($5, account_types),
    subject = CASE WHEN $14 THEN $6 ELSE subject END, actions = coalesce($7, actions),
    repositories = coalesce($8, repositories), except_roles = coalesce($9, except_roles),
    except_subjects = coalesce($10, except_subjects), enabled = coalesce($11, enabled), delegated = coalesce($16, delegated),
    rewritten_from = CASE WHEN $15 THEN NULL ELSE rewritten_from END, updated_at = $13
  WHERE id = $12 RETURNING ${ruleColumns}`;

export const updatePolicyRule: Operation<PolicyRules['updateRule']> = (connection) => (input) => {
  const { id, patch, expected, now } = input;
  return connection.write(input, async (tx) => {
    await lockVersion(tx, 'policy');
    const [before] = await tx.query<RuleRow>(find, [id]);
    if (before === undefined) return undefined;
    assertExpected(toPolicyRule(before), expected);
    const changes = changedFields(toPolicyRule(before), patch);
    const values = [
      ...ruleValues(changes),
      id,
      now,
      'subject' in changes,
      patch.repositories !== undefined,
      changes.delegated,
    ];
    const [updated] = await tx.query<RuleRow>(update, values);
    await bumpVersion(tx, 'policy');
    const details = { rule_id: String(id), ...describeFields(changes) };
    await recordEvent(tx, input, { type: 'policy_rule_updated', details });
    return toPolicyRule(updated!);
  });
};
