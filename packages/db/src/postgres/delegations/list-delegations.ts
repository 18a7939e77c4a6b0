import type { Delegation, Delegations } from '../../facets/delegations.ts';
import { pageLimit } from '../../rows/pages.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Operation } from '../facet.ts';

/** The columns of a delegation's record. */
export const delegationColumns = `id, account_id AS "accountId", account_name AS "accountName", pattern,
  granted_by AS "grantedBy", granted_by_name AS "grantedByName", granted_at AS "grantedAt"`;

/** A row, whose columns may be null where the record has no property. */
export type DelegationRow = Delegation;

/** The record in a row. */
export function toDelegation(row: DelegationRow): Delegation {
  return withoutNulls(row) as Delegation;
}

const ofAccount = `SELECT ${delegationColumns} FROM delegations WHERE account_id = $1 ORDER BY pattern`;
const ofAll = `SELECT ${delegationColumns} FROM delegations WHERE (account_name, pattern, id) > ($1, $2, $3)
  ORDER BY account_name, pattern, id LIMIT $4`;

export const listDelegationsOf: Operation<Delegations['listOf']> = (connection) => async (accountId) =>
  (await connection.query<DelegationRow>(ofAccount, [accountId])).map(toDelegation);

export const listDelegations: Operation<Delegations['list']> =
  (connection) =>
  async ({ after = { accountName: '', pattern: '', id: '' }, limit }) => {
    const { accountName, pattern, id } = after;
    return (await connection.query<DelegationRow>(ofAll, [accountName, pattern, id, pageLimit(limit)])).map(
      toDelegation,
    );
  };
