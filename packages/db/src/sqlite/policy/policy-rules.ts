import { asc, eq, type SQL, sql } from 'drizzle-orm';
import type { PolicyRules, StoredPolicyRule } from '../../facets/policy.ts';
import { pageLimit } from '../../rows/pages.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../facet.ts';
import { policyRules } from '../schema/index.ts';

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

export const getPolicyRule: Operation<PolicyRules['getRule']> = (connection) => (id) => findPolicyRule(connection, id);

export function toPolicyRule(row: typeof policyRules.$inferSelect): StoredPolicyRule {
  return withoutNulls(row);
}

export function findPolicyRule({ db }: Connection, id: number): StoredPolicyRule | undefined {
  const row = db.select().from(policyRules).where(eq(policyRules.id, id)).get();
  return row && toPolicyRule(row);
}
