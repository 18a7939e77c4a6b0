import type { Principal } from '@mcr/core';
import type { AccessTokens } from '../../facets/tokens.ts';
import { jsonb } from '../connection/values.ts';
import { bumpVersion, lockVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';

const find = `SELECT id, username, account_type AS "accountType", roles, signed_in_at AS "signedInAt", blocked
  FROM token_owners WHERE id = $1`;
const put = `INSERT INTO token_owners (id, username, account_type, roles, signed_in_at) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (id) DO UPDATE SET username = excluded.username, account_type = excluded.account_type, roles = excluded.roles,
    signed_in_at = excluded.signed_in_at`;

export const findTokenOwner: Operation<AccessTokens['findOwner']> = (connection) => async (accountId) => {
  const [row] = await connection.query<Principal & { readonly signedInAt: number; readonly blocked: boolean }>(find, [
    accountId,
  ]);
  if (row === undefined) return undefined;
  const { signedInAt, blocked, ...principal } = row;
  return { principal, signedInAt, blocked };
};

export const putTokenOwner: Operation<AccessTokens['putOwner']> =
  (connection) =>
  ({ principal: { id, username, accountType, roles }, signedInAt }) =>
    connection.write(undefined, async (tx) => {
      await lockVersion(tx, 'accounts');
      await tx.run(put, [id, username, accountType, jsonb(roles), signedInAt]);
      await bumpVersion(tx, 'accounts');
    });
