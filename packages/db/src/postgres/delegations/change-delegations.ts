import { delegationGranted, describeDelegation, tooManyDelegations } from '../../common/delegation-changes.ts';
import type { Delegations } from '../../facets/delegations.ts';
import { recordEvent } from '../audit/record-event.ts';
import { lockVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { type DelegationRow, delegationColumns, toDelegation } from './list-delegations.ts';

const held = 'SELECT pattern FROM delegations WHERE account_id = $1';
const insert = `INSERT INTO delegations (id, account_id, account_name, pattern, granted_by, granted_by_name, granted_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${delegationColumns}`;
const remove = `DELETE FROM delegations WHERE id = $1 RETURNING ${delegationColumns}`;

export const grantDelegation: Operation<Delegations['grant']> = (connection) => (input) => {
  const { delegation, limit, actor, now } = input;
  const { id, accountId, accountName, pattern } = delegation;
  return connection.write(input, async (tx) => {
    // Two grants at once count each other.
    await lockVersion(tx, 'accounts');
    const patterns = (await tx.query<{ pattern: string }>(held, [accountId])).map((row) => row.pattern);
    if (patterns.includes(pattern)) throw delegationGranted(delegation);
    if (patterns.length >= limit) throw tooManyDelegations(delegation, limit);
    const [row] = await tx.query<DelegationRow>(insert, [
      id,
      accountId,
      accountName,
      pattern,
      actor.id,
      actor.name,
      now,
    ]);
    const granted = toDelegation(row!);
    await recordEvent(tx, input, { type: 'delegation_granted', details: describeDelegation(granted) });
    return granted;
  });
};

export const revokeDelegation: Operation<Delegations['revoke']> = (connection) => (input) =>
  connection.write(input, async (tx) => {
    const [row] = await tx.query<DelegationRow>(remove, [input.id]);
    if (row === undefined) return undefined;
    const revoked = toDelegation(row);
    await recordEvent(tx, input, { type: 'delegation_revoked', details: describeDelegation(revoked) });
    return revoked;
  });
