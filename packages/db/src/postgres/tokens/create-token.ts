import { describeToken, maxForgottenTokens, shownExpiredMs } from '../../common/token-changes.ts';
import type { AccessTokens } from '../../facets/tokens.ts';
import { tokenNameTaken, tooManyTokens } from '../../rejections.ts';
import { recordEvent } from '../audit/record-event.ts';
import { jsonb } from '../connection/values.ts';
import { lockVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { type TokenRow, tokenColumns, toToken } from './find-token.ts';

const forget = `DELETE FROM access_tokens WHERE id IN
  (SELECT id FROM access_tokens WHERE expires_at <= $1 LIMIT ${maxForgottenTokens})`;
const replace = 'DELETE FROM access_tokens WHERE account_id = $1 AND name = $2 AND expires_at <= $3';
const taken = 'SELECT id FROM access_tokens WHERE account_id = $1 AND name = $2';
const count = 'SELECT count(*) AS n FROM access_tokens WHERE account_id = $1 AND expires_at > $2';
const insert = `INSERT INTO access_tokens (id, account_id, account_name, name, secret_hash, generation, actions, repositories, scope,
    created_by, created_by_name, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, $10, $11, $12) RETURNING ${tokenColumns}`;

/** Those of one account wait for each other, so that the limit holds. */
export const createToken: Operation<AccessTokens['create']> = (connection) => (input) => {
  const { token, limit, now, actor } = input;
  const { id, accountId, accountName, name, secretHash, scope, expiresAt } = token;
  return connection.write(input, async (tx) => {
    await lockVersion(tx, 'accounts');
    await tx.run(forget, [now - shownExpiredMs]);
    await tx.run(replace, [accountId, name, now]);
    const [other] = await tx.query<{ id: string }>(taken, [accountId, name]);
    if (other !== undefined) throw tokenNameTaken(other.id, token);
    const [valid] = await tx.query<{ n: number }>(count, [accountId, now]);
    if (limit > 0 && (valid?.n ?? 0) >= limit) throw tooManyTokens(accountName, limit);
    const lists = [jsonb(token.actions), jsonb(token.repositories)];
    const values = [
      id,
      accountId,
      accountName,
      name,
      secretHash,
      ...lists,
      scope,
      actor.id,
      actor.name,
      now,
      expiresAt,
    ];
    const [created] = await tx.query<TokenRow>(insert, values);
    await recordEvent(tx, input, { type: 'token_created', details: describeToken(token) });
    return toToken(created!);
  });
};
