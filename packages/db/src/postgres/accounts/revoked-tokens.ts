import type { Accounts } from '../../facets/accounts.ts';
import { bumpVersion, lockVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';

/** Expired tokens that one revocation forgets: more than it adds, so that they become fewer. */
const maxForgotten = 100;

const put = `INSERT INTO revoked_tokens (token_id, expires_at) VALUES ($1, $2)
  ON CONFLICT (token_id) DO UPDATE SET expires_at = greatest(revoked_tokens.expires_at, excluded.expires_at)`;
const forget = `DELETE FROM revoked_tokens WHERE token_id IN
  (SELECT token_id FROM revoked_tokens WHERE expires_at <= $1 LIMIT ${maxForgotten})`;

/** Without an id: revoking once more changes nothing but the version, and that may grow. */
export const revokeToken: Operation<Accounts['revokeToken']> =
  (connection) =>
  ({ tokenId, expiresAt, now }) =>
    connection.write(undefined, async (tx) => {
      await lockVersion(tx, 'accounts');
      await tx.run(put, [tokenId, expiresAt]);
      await tx.run(forget, [now]);
      await bumpVersion(tx, 'accounts');
    });

export const isTokenRevoked: Operation<Accounts['isTokenRevoked']> = (connection) => async (tokenId) => {
  const found = await connection.query('SELECT 1 FROM revoked_tokens WHERE token_id = $1', [tokenId]);
  return found.length > 0;
};
