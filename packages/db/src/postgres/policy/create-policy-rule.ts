import { describeFields } from '../../common/rule-changes.ts';
import type { PolicyRules } from '../../facets/policy.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpVersion, lockVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { type RuleRow, ruleColumns, toPolicyRule } from './policy-rules.ts';
import { ruleValues } from './rule-values.ts';

const insert = `INSERT INTO policy_rules (priority, description, effect, roles, account_types, subject, actions, repositories,
    except_roles, except_subjects, enabled, created_by, created_at, updated_at, delegated)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, coalesce($9::jsonb, '[]'), coalesce($10::jsonb, '[]'), $11, $12, $13, $13, coalesce($14, false)) RETURNING ${ruleColumns}`;

export const createPolicyRule: Operation<PolicyRules['createRule']> = (connection) => (input) => {
  const { rule, actor, now } = input;
  return connection.write(input, async (tx) => {
    await lockVersion(tx, 'policy');
    const [created] = await tx.query<RuleRow>(insert, [...ruleValues(rule), actor.id, now, rule.delegated]);
    const stored = toPolicyRule(created!);
    await bumpVersion(tx, 'policy');
    const details = { rule_id: String(stored.id), ...describeFields(rule) };
    await recordEvent(tx, input, { type: 'policy_rule_created', details });
    return stored;
  });
};
