import type { PolicyRules, StoredPolicyRule } from '../../facets/policy.ts';
import { pageLimit } from '../../rows/pages.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Operation } from '../facet.ts';

/** The columns of a rule's record. */
export const ruleColumns = `id, priority, description, effect, roles, account_types AS "accountTypes", subject, actions,
  repositories, enabled, created_by AS "createdBy", created_at AS "createdAt", updated_at AS "updatedAt",
  rewritten_from AS "rewrittenFrom", except_roles AS "exceptRoles", except_subjects AS "exceptSubjects", delegated`;

const page = `SELECT ${ruleColumns} FROM policy_rules WHERE (priority, id) > ($1, $2) ORDER BY priority, id LIMIT $3`;
const beginning = { priority: Number.MIN_SAFE_INTEGER, id: 0 };

export const listPolicyRules: Operation<PolicyRules['listRules']> = (connection) => async (request) => {
  const { priority, id } = request?.after ?? beginning;
  const limit = request === undefined ? null : pageLimit(request.limit);
  return (await connection.query<RuleRow>(page, [priority, id, limit])).map(toPolicyRule);
};

export const getPolicyRule: Operation<PolicyRules['getRule']> = (connection) => async (id) => {
  const [row] = await connection.query<RuleRow>(`SELECT ${ruleColumns} FROM policy_rules WHERE id = $1`, [id]);
  return row && toPolicyRule(row);
};

/** A row of `policy_rules`, whose columns may be null where the record has no property. */
export type RuleRow = StoredPolicyRule;

/** The record in a row. */
export function toPolicyRule(row: RuleRow): StoredPolicyRule {
  return withoutNulls(row) as StoredPolicyRule;
}
