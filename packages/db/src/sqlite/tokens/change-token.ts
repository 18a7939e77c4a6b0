import { and, eq, lt, or, sql } from 'drizzle-orm';
import { describeRotation, tokenNames } from '../../common/token-changes.ts';
import type { AccessTokens } from '../../facets/tokens.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import { prepareBumpVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { accessTokens } from '../schema/index.ts';
import { tokenOf } from './find-token.ts';

export const rotateToken: Operation<AccessTokens['rotate']> = (connection) => {
  const log = prepareEventLog(connection);
  const bumpVersion = prepareBumpVersion(connection);
  return (input) => {
    const { id, secretHash, previousUntil, expiresAt, now } = input;
    return connection.write(() => {
      const [rotated] = connection.db
        .update(accessTokens)
        .set({
          previousHash: sql`${accessTokens.secretHash}`,
          previousUntil,
          secretHash,
          generation: sql`${accessTokens.generation} + 1`,
          expiresAt,
          rotatedAt: now,
        })
        .where(eq(accessTokens.id, id))
        .returning()
        .all();
      if (rotated === undefined) return undefined;
      bumpVersion('accounts');
      const token = tokenOf(rotated);
      log.record(input, { type: 'token_rotated', details: describeRotation(token) });
      return token;
    });
  };
};

export const revokeAccessToken: Operation<AccessTokens['revoke']> = (connection) => {
  const log = prepareEventLog(connection);
  const bumpVersion = prepareBumpVersion(connection);
  return (input) =>
    connection.write(() => {
      const [revoked] = connection.db.delete(accessTokens).where(eq(accessTokens.id, input.id)).returning().all();
      if (revoked === undefined) return false;
      bumpVersion('accounts');
      log.record(input, { type: 'token_revoked', details: tokenNames(revoked) });
      return true;
    });
};

/** No other process has to know, so no version changes. */
export const noteTokenUses: Operation<AccessTokens['noteUses']> = ({ db, writeTogetherUnremembered }) => {
  const statement = db
    .update(accessTokens)
    .set({ lastUsedAt: sql`${sql.placeholder('at')}`, lastUsedIp: sql`${sql.placeholder('ip')}` })
    .where(
      and(
        eq(accessTokens.id, sql.placeholder('id')),
        or(sql`${accessTokens.lastUsedAt} IS NULL`, lt(accessTokens.lastUsedAt, sql.placeholder('at'))),
      ),
    )
    .prepare();
  return async (uses) => {
    if (uses.length === 0) return;
    await writeTogetherUnremembered(() => {
      for (const { id, at, ip } of uses) statement.run({ id, at, ip });
    });
  };
};
