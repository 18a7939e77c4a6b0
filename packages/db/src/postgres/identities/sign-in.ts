import { attemptCompleted, nameOfAnother } from '../../common/identity-changes.ts';
import type { Identities, Identity } from '../../facets/identities.ts';
import { jsonb } from '../connection/values.ts';
import { bumpVersion, lockVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { identityColumns } from './find-identity.ts';

const spend = `INSERT INTO revoked_tokens (token_id, expires_at) VALUES ($1, $2)
  ON CONFLICT (token_id) DO NOTHING RETURNING token_id`;
const find = `SELECT ${identityColumns} FROM identities WHERE provider = $1 AND subject = $2`;
const taken = `SELECT 1 FROM accounts WHERE username = $1
  UNION ALL SELECT 1 FROM identities WHERE username = $1 AND id <> $2`;
const put = `INSERT INTO identities (id, provider, subject, username, roles, blocked, created_at, signed_in_at)
  VALUES ($1, $2, $3, $4, $5, false, $6, $6)
  ON CONFLICT (provider, subject) DO UPDATE SET username = excluded.username, roles = excluded.roles,
    signed_in_at = excluded.signed_in_at RETURNING ${identityColumns}`;

export const signIn: Operation<Identities['signIn']> =
  (connection) =>
  ({ id, provider, subject, username, roles, attempt, now }) =>
    connection.write(undefined, async (tx) => {
      await lockVersion(tx, 'accounts');
      if ((await tx.query(spend, [attempt.id, attempt.expiresAt])).length === 0) throw attemptCompleted();
      const [before] = await tx.query<Identity>(find, [provider, subject]);
      if (before?.blocked === true) return before;
      if ((await tx.query(taken, [username, before?.id ?? id])).length > 0) throw nameOfAnother(username);
      await bumpVersion(tx, 'accounts');
      const [identity] = await tx.query<Identity>(put, [id, provider, subject, username, jsonb(roles), now]);
      if (identity === undefined) throw new Error('The row of an identity was not returned');
      return identity;
    });
