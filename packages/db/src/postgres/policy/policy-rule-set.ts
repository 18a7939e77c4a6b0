import type { PolicyRules } from '../../facets/policy.ts';
import type { Operation } from '../facet.ts';
import { type RuleRow, ruleColumns, toPolicyRule } from './policy-rules.ts';

/** One statement and so one moment. */
const all = `SELECT v.n AS version, r.* FROM versions v LEFT JOIN (SELECT ${ruleColumns} FROM policy_rules) r ON true
  WHERE v.scope = 'policy' ORDER BY r.priority, r.id`;

export const policyRuleSet: Operation<PolicyRules['ruleSet']> = (connection) => async () => {
  const rows = await connection.query<RuleRow & { version: number }>(all);
  const rules = rows.filter(({ id }) => id !== null).map(({ version: _, ...row }) => toPolicyRule(row));
  return { version: rows[0]?.version ?? 0, rules };
};
