import { asc, type SQL, sql } from 'drizzle-orm';
import type { PolicyRules, StoredPolicyRule } from '../../facets/policy.ts';
import type { Operation } from '../operation.ts';
import { pageLimit } from '../rows/page-limit.ts';
import { policyRules } from '../schema/index.ts';
import { toPolicyRule } from './policy-rule-rows.ts';

export const listPolicyRules: Operation<PolicyRules['listRules']> =
  ({ db }) =>
  (page) => {
    const query = db
      .select()
      .from(policyRules)
      .where(page?.after === undefined ? undefined : follows(page.after))
      .orderBy(asc(policyRules.priority), asc(policyRules.id));
    const rows = page === undefined ? query.all() : query.limit(pageLimit(page.limit)).all();
    return rows.map(toPolicyRule);
  };

function follows({ priority, id }: Pick<StoredPolicyRule, 'priority' | 'id'>): SQL {
  return sql`(${policyRules.priority}, ${policyRules.id}) > (${priority}, ${id})`;
}
