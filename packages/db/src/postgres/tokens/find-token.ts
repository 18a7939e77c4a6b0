import type { AccessToken, AccessTokens, TokenCounts } from '../../facets/tokens.ts';
import { pageLimit } from '../../rows/pages.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Operation } from '../facet.ts';

/** The columns of a token's record: none of them has a hash of its secrets. */
export const tokenColumns = `id, account_id AS "accountId", account_name AS "accountName", name, previous_until AS "previousUntil",
  generation, actions, repositories, scope, created_by AS "createdBy", created_by_name AS "createdByName", created_at AS "createdAt",
  expires_at AS "expiresAt", rotated_at AS "rotatedAt", last_used_at AS "lastUsedAt", last_used_ip AS "lastUsedIp"`;

/** A token as a statement returns it. */
export type TokenRow = { readonly [Key in keyof AccessToken]: AccessToken[Key] | null };

const byId = `SELECT ${tokenColumns} FROM access_tokens WHERE id = $1`;
const bySecret = `SELECT ${tokenColumns} FROM access_tokens WHERE secret_hash = $1`;
const byPrevious = `SELECT ${tokenColumns} FROM access_tokens WHERE previous_hash = $1`;
const ofAll = `SELECT ${tokenColumns} FROM access_tokens WHERE (account_name, name, id) > ($1, $2, $3)
  ORDER BY account_name, name, id LIMIT $4`;
const ofAccount = `SELECT ${tokenColumns} FROM access_tokens WHERE account_id = $1 AND name > $2 ORDER BY name LIMIT $3`;
const counts = `SELECT count(*) FILTER (WHERE expires_at > $1) AS valid,
  count(*) FILTER (WHERE expires_at > $1 AND expires_at < $2) AS expiring,
  count(*) FILTER (WHERE expires_at <= $1) AS expired FROM access_tokens`;

/** A token as the store's callers see it. */
export function toToken(row: TokenRow): AccessToken {
  return withoutNulls(row) as AccessToken;
}

export const findTokenById: Operation<AccessTokens['findById']> = (connection) => async (id) => {
  const [row] = await connection.query<TokenRow>(byId, [id]);
  return row && toToken(row);
};

export const findTokenBySecret: Operation<AccessTokens['findBySecret']> = (connection) => async (secretHash) => {
  const [row] = await connection.query<TokenRow>(bySecret, [secretHash]);
  const [rotated] = row === undefined ? await connection.query<TokenRow>(byPrevious, [secretHash]) : [];
  const found = row ?? rotated;
  if (found === undefined) return undefined;
  const token = toToken(found);
  return { token, generation: row === undefined ? token.generation - 1 : token.generation };
};

export const listTokens: Operation<AccessTokens['list']> =
  (connection) =>
  async ({ accountId, after = { accountName: '', name: '', id: '' }, limit }) => {
    const { accountName, name, id } = after;
    const rows =
      accountId === undefined
        ? await connection.query<TokenRow>(ofAll, [accountName, name, id, pageLimit(limit)])
        : await connection.query<TokenRow>(ofAccount, [accountId, name, pageLimit(limit)]);
    return rows.map(toToken);
  };

export const countTokens: Operation<AccessTokens['count']> =
  (connection) =>
  async ({ now, expiringBefore }) => {
    const [found] = await connection.query<TokenCounts>(counts, [now, expiringBefore]);
    return found ?? { valid: 0, expiring: 0, expired: 0 };
  };
