import { eq } from 'drizzle-orm';
import type { StoredPolicyRule } from '../../facets/policy.ts';
import type { Connection } from '../connection/connection.ts';
import { withoutNulls } from '../rows/without-nulls.ts';
import { policyRules } from '../schema/index.ts';

export function toPolicyRule(row: typeof policyRules.$inferSelect): StoredPolicyRule {
  return withoutNulls(row);
}

export function findPolicyRule({ db }: Connection, id: number): StoredPolicyRule | undefined {
  const row = db.select().from(policyRules).where(eq(policyRules.id, id)).get();
  return row && toPolicyRule(row);
}
