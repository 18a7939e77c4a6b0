import { describeRotation, tokenNames } from '../../common/token-changes.ts';
import type { AccessTokens } from '../../facets/tokens.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpVersion, lockVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { type TokenRow, tokenColumns, toToken } from './find-token.ts';

const rotate = `UPDATE access_tokens SET previous_hash = secret_hash, previous_until = $2, secret_hash = $3,
    generation = generation + 1, expires_at = $4, rotated_at = $5
  WHERE id = $1 RETURNING ${tokenColumns}`;
const revoke = `DELETE FROM access_tokens WHERE id = $1 RETURNING ${tokenColumns}`;
const note = `UPDATE access_tokens SET last_used_at = u.at, last_used_ip = u.ip
  FROM unnest($1::text[], $2::bigint[], $3::text[]) AS u (id, at, ip)
  WHERE access_tokens.id = u.id AND (last_used_at IS NULL OR last_used_at < u.at)`;

export const rotateToken: Operation<AccessTokens['rotate']> = (connection) => (input) => {
  const { id, secretHash, previousUntil, expiresAt, now } = input;
  return connection.write(input, async (tx) => {
    await lockVersion(tx, 'accounts');
    const [row] = await tx.query<TokenRow>(rotate, [id, previousUntil, secretHash, expiresAt, now]);
    if (row === undefined) return undefined;
    const token = toToken(row);
    await bumpVersion(tx, 'accounts');
    await recordEvent(tx, input, { type: 'token_rotated', details: describeRotation(token) });
    return token;
  });
};

export const revokeAccessToken: Operation<AccessTokens['revoke']> = (connection) => (input) =>
  connection.write(input, async (tx) => {
    await lockVersion(tx, 'accounts');
    const [row] = await tx.query<TokenRow>(revoke, [input.id]);
    if (row === undefined) return false;
    await bumpVersion(tx, 'accounts');
    await recordEvent(tx, input, { type: 'token_revoked', details: tokenNames(toToken(row)) });
    return true;
  });

/** In the order of ids, so that processes that note the same tokens do not block each other for ever. */
export const noteTokenUses: Operation<AccessTokens['noteUses']> = (connection) => async (uses) => {
  if (uses.length === 0) return;
  const sorted = uses.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  await connection.write(undefined, async (tx) => {
    await tx.run(note, [sorted.map(({ id }) => id), sorted.map(({ at }) => at), sorted.map(({ ip }) => ip)]);
  });
};
