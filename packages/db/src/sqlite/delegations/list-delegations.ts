import { asc, eq, sql } from 'drizzle-orm';
import type { Delegations } from '../../facets/delegations.ts';
import { pageLimit } from '../../rows/pages.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Operation } from '../facet.ts';
import { delegations } from '../schema/index.ts';

export const listDelegationsOf: Operation<Delegations['listOf']> = ({ db }) => {
  const statement = db
    .select()
    .from(delegations)
    .where(eq(delegations.accountId, sql.placeholder('accountId')))
    .orderBy(asc(delegations.pattern))
    .prepare();
  return (accountId) => statement.all({ accountId }).map(withoutNulls);
};

export const listDelegations: Operation<Delegations['list']> =
  ({ db }) =>
  ({ after = { accountName: '', pattern: '', id: '' }, limit }) =>
    db
      .select()
      .from(delegations)
      .where(
        sql`(${delegations.accountName}, ${delegations.pattern}, ${delegations.id}) > (${after.accountName}, ${after.pattern}, ${after.id})`,
      )
      .orderBy(asc(delegations.accountName), asc(delegations.pattern), asc(delegations.id))
      .limit(pageLimit(limit))
      .all()
      .map(withoutNulls);
