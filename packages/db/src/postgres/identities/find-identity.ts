import { mergedByName, type OwnerRow } from '../../common/owner-identity.ts';
import type { Identities, Identity } from '../../facets/identities.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';

/** The columns of a person's record. */
export const identityColumns = `id, provider, subject, username, roles, blocked, created_at AS "createdAt",
  signed_in_at AS "signedInAt"`;

const byName = `SELECT ${identityColumns} FROM identities WHERE username = $1`;
const byId = `SELECT ${identityColumns} FROM identities WHERE id = $1`;
/** The columns of an owner of tokens that MCIAS keeps. */
export const ownerColumns = 'id, username, roles, signed_in_at AS "signedInAt", blocked';

const page = `SELECT ${identityColumns} FROM identities WHERE username > $1 ORDER BY username LIMIT $2`;
const ownerPage = `SELECT ${ownerColumns} FROM token_owners o WHERE username > $1
  AND NOT EXISTS (SELECT 1 FROM identities i WHERE i.id = o.id) ORDER BY username LIMIT $2`;

export const findIdentityByName: Operation<Identities['findByName']> = (connection) => async (username) => {
  const [identity] = await connection.query<Identity>(byName, [username]);
  return identity;
};

export const findIdentityById: Operation<Identities['findById']> = (connection) => async (id) => {
  const [identity] = await connection.query<Identity>(byId, [id]);
  return identity;
};

export const listIdentities: Operation<Identities['list']> =
  (connection) =>
  async ({ after = '', limit }) => {
    const values = [after, pageLimit(limit)];
    const [people, owners] = await Promise.all([
      connection.query<Identity>(page, values),
      connection.query<OwnerRow>(ownerPage, values),
    ]);
    return mergedByName(people, owners, limit);
  };
