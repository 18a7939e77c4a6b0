import { and, count, eq, gt, inArray, lte } from 'drizzle-orm';
import { describeToken, maxForgottenTokens, shownExpiredMs } from '../../common/token-changes.ts';
import type { AccessTokens } from '../../facets/tokens.ts';
import { tokenNameTaken, tooManyTokens } from '../../rejections.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import type { Operation } from '../facet.ts';
import { accessTokens } from '../schema/index.ts';
import { tokenOf } from './find-token.ts';

export const createToken: Operation<AccessTokens['create']> = (connection) => {
  const { db, writeUnremembered } = connection;
  const log = prepareEventLog(connection);
  return (input) => {
    const { token, limit, now, actor } = input;
    const { accountId, accountName, name } = token;
    const ofAccount = eq(accessTokens.accountId, accountId);
    return writeUnremembered(() => {
      const forgotten = db
        .select({ id: accessTokens.id })
        .from(accessTokens)
        .where(lte(accessTokens.expiresAt, now - shownExpiredMs))
        .limit(maxForgottenTokens);
      db.delete(accessTokens).where(inArray(accessTokens.id, forgotten)).run();
      db.delete(accessTokens)
        .where(and(ofAccount, eq(accessTokens.name, name), lte(accessTokens.expiresAt, now)))
        .run();
      const taken = db
        .select({ id: accessTokens.id })
        .from(accessTokens)
        .where(and(ofAccount, eq(accessTokens.name, name)))
        .get();
      if (taken !== undefined) {
        throw tokenNameTaken(taken.id, token);
      }
      const valid = db
        .select({ n: count() })
        .from(accessTokens)
        .where(and(ofAccount, gt(accessTokens.expiresAt, now)))
        .get();
      if (limit > 0 && (valid?.n ?? 0) >= limit) throw tooManyTokens(accountName, limit);
      const created = db
        .insert(accessTokens)
        .values({ ...token, generation: 1, createdAt: now, createdBy: actor.id, createdByName: actor.name })
        .returning()
        .get();
      log.record(input, { type: 'token_created', details: describeToken(token) });
      return tokenOf(created);
    });
  };
};
