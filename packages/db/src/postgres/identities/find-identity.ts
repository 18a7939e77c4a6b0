import type { Identities, Identity } from '../../facets/identities.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';

/** The columns of a person's record. */
export const identityColumns = `id, provider, subject, username, roles, blocked, created_at AS "createdAt",
  signed_in_at AS "signedInAt"`;

const byName = `SELECT ${identityColumns} FROM identities WHERE username = $1`;
const byId = `SELECT ${identityColumns} FROM identities WHERE id = $1`;
const page = `SELECT ${identityColumns} FROM identities WHERE username > $1 ORDER BY username LIMIT $2`;

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
  async ({ after = '', limit }) =>
    await connection.query<Identity>(page, [after, pageLimit(limit)]);
