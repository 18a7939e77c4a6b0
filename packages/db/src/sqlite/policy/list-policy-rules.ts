import { RegistryError } from '@mcr/core';
import { asc, type SQL, sql } from 'drizzle-orm';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../operation.ts';
import { pageLimit } from '../rows/page-limit.ts';
import { policyRules } from '../schema/index.ts';
import { findPolicyRule, toPolicyRule } from './policy-rule-rows.ts';

export const listPolicyRules: Operation<'listPolicyRules'> = (connection) => (page) => {
  const query = connection.db
    .select()
    .from(policyRules)
    .where(page?.after === undefined ? undefined : follows(connection, page.after))
    .orderBy(asc(policyRules.priority), asc(policyRules.id));
  const rows = page === undefined ? query.all() : query.limit(pageLimit(page.limit)).all();
  return rows.map(toPolicyRule);
};

function follows(connection: Connection, id: number): SQL {
  const last = findPolicyRule(connection, id);
  if (last !== undefined) return sql`(${policyRules.priority}, ${policyRules.id}) > (${last.priority}, ${last.id})`;
  const message = 'The policy rule that the page starts after does not exist any more; start from the first page';
  throw new RegistryError('PARAMETER_INVALID', message, { detail: { after: id } });
}
