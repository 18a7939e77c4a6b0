import { describeIdentity } from '../../common/identity-changes.ts';
import { identityOfOwner, type OwnerRow } from '../../common/owner-identity.ts';
import type { Identities, Identity } from '../../facets/identities.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpVersion, lockVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { identityColumns, ownerColumns } from './find-identity.ts';

const update = `UPDATE identities SET blocked = $2 WHERE id = $1 RETURNING ${identityColumns}`;
const updateOwner = `UPDATE token_owners SET blocked = $2 WHERE id = $1 RETURNING ${ownerColumns}`;
const remove = `DELETE FROM identities WHERE id = $1 RETURNING ${identityColumns}`;
const removeOwner = `DELETE FROM token_owners WHERE id = $1 RETURNING ${ownerColumns}`;

export const setIdentityBlocked: Operation<Identities['setBlocked']> = (connection) => (input) =>
  connection.write(input, async (tx) => {
    await lockVersion(tx, 'accounts');
    const [person] = await tx.query<Identity>(update, [input.id, input.blocked]);
    const [owner] = await tx.query<OwnerRow>(updateOwner, [input.id, input.blocked]);
    const updated = person ?? (owner && identityOfOwner(owner));
    if (updated === undefined) return undefined;
    await bumpVersion(tx, 'accounts');
    const details = { ...describeIdentity(updated), blocked: String(input.blocked) };
    await recordEvent(tx, input, { type: 'identity_updated', details });
    return updated;
  });

export const deleteIdentity: Operation<Identities['delete']> = (connection) => (input) =>
  connection.write(input, async (tx) => {
    await lockVersion(tx, 'accounts');
    const [person] = await tx.query<Identity>(remove, [input.id]);
    const [owner] = await tx.query<OwnerRow>(removeOwner, [input.id]);
    const deleted = person ?? (owner && identityOfOwner(owner));
    if (deleted === undefined) return false;
    await tx.run('DELETE FROM access_tokens WHERE account_id = $1', [input.id]);
    await tx.run('DELETE FROM delegations WHERE account_id = $1', [input.id]);
    await bumpVersion(tx, 'accounts');
    await recordEvent(tx, input, { type: 'identity_deleted', details: describeIdentity(deleted) });
    return true;
  });
