import { eq } from 'drizzle-orm';
import { describeIdentity } from '../../common/identity-changes.ts';
import { identityOfOwner } from '../../common/owner-identity.ts';
import type { Identities } from '../../facets/identities.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import { prepareBumpVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { accessTokens, delegations, identities, tokenOwners } from '../schema/index.ts';

export const setIdentityBlocked: Operation<Identities['setBlocked']> = (connection) => {
  const log = prepareEventLog(connection);
  const bumpVersion = prepareBumpVersion(connection);
  return (input) => {
    const { id, blocked } = input;
    return connection.write(() => {
      const { db } = connection;
      const [person] = db.update(identities).set({ blocked }).where(eq(identities.id, id)).returning().all();
      const [owner] = db.update(tokenOwners).set({ blocked }).where(eq(tokenOwners.id, id)).returning().all();
      const updated = person ?? (owner && identityOfOwner(owner));
      if (updated === undefined) return undefined;
      bumpVersion('accounts');
      log.record(input, {
        type: 'identity_updated',
        details: { ...describeIdentity(updated), blocked: String(blocked) },
      });
      return updated;
    });
  };
};

export const deleteIdentity: Operation<Identities['delete']> = (connection) => {
  const log = prepareEventLog(connection);
  const bumpVersion = prepareBumpVersion(connection);
  return (input) =>
    connection.write(() => {
      const { db } = connection;
      const [person] = db.delete(identities).where(eq(identities.id, input.id)).returning().all();
      const [owner] = db.delete(tokenOwners).where(eq(tokenOwners.id, input.id)).returning().all();
      const deleted = person ?? (owner && identityOfOwner(owner));
      if (deleted === undefined) return false;
      db.delete(accessTokens).where(eq(accessTokens.accountId, input.id)).run();
      db.delete(delegations).where(eq(delegations.accountId, input.id)).run();
      bumpVersion('accounts');
      log.record(input, { type: 'identity_deleted', details: describeIdentity(deleted) });
      return true;
    });
};
