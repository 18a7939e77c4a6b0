import type { PolicyRules } from '../../facets/policy.ts';
import type { Operation } from '../facet.ts';
import { type RuleRow, ruleColumns, toPolicyRule } from './policy-rules.ts';

const all = `SELECT ${ruleColumns} FROM policy_rules ORDER BY priority, id`;

export const policyRuleSet: Operation<PolicyRules['ruleSet']> = (connection) => () =>
  connection.read(async (tx) => {
    const [found] = await tx.query<{ n: number }>(`SELECT n FROM versions WHERE scope = 'policy'`);
    const rules = (await tx.query<RuleRow>(all)).map(toPolicyRule);
    return { version: found?.n ?? 0, rules };
  });
