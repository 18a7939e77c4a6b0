import { describeIdentity } from '../../common/identity-changes.ts';
import type { Identities, Identity } from '../../facets/identities.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpVersion, lockVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { identityColumns } from './find-identity.ts';

const update = `UPDATE identities SET blocked = $2 WHERE id = $1 RETURNING ${identityColumns}`;
const remove = `DELETE FROM identities WHERE id = $1 RETURNING ${identityColumns}`;

export const setIdentityBlocked: Operation<Identities['setBlocked']> = (connection) => (input) =>
  connection.write(input, async (tx) => {
    await lockVersion(tx, 'accounts');
    const [updated] = await tx.query<Identity>(update, [input.id, input.blocked]);
    if (updated === undefined) return undefined;
    await bumpVersion(tx, 'accounts');
    const details = { ...describeIdentity(updated), blocked: String(input.blocked) };
    await recordEvent(tx, input, { type: 'identity_updated', details });
    return updated;
  });

export const deleteIdentity: Operation<Identities['delete']> = (connection) => (input) =>
  connection.write(input, async (tx) => {
    await lockVersion(tx, 'accounts');
    const [deleted] = await tx.query<Identity>(remove, [input.id]);
    if (deleted === undefined) return false;
    await tx.run('DELETE FROM access_tokens WHERE account_id = $1', [input.id]);
    await tx.run('DELETE FROM delegations WHERE account_id = $1', [input.id]);
    await tx.run('DELETE FROM token_owners WHERE id = $1', [input.id]);
    await bumpVersion(tx, 'accounts');
    await recordEvent(tx, input, { type: 'identity_deleted', details: describeIdentity(deleted) });
    return true;
  });
