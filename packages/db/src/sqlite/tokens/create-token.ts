import { RegistryError } from '@mcr/core';
import { and, count, eq, gt, inArray, lte } from 'drizzle-orm';
import type { AccessTokens } from '../../facets/tokens.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import type { Operation } from '../facet.ts';
import { accessTokens } from '../schema/index.ts';
import { tokenOf } from './token-rows.ts';

/** How long lists show a token that has expired. */
const shownExpiredMs = 30 * 86_400_000;
/** Expired tokens that one creation forgets: more than it adds, so that they become fewer. */
const maxForgotten = 100;

export const createToken: Operation<AccessTokens['create']> = (connection) => {
  const { db, writeUnremembered } = connection;
  const log = prepareEventLog(connection);
  return (input) => {
    const { token, limit, now, actor } = input;
    const { id, accountId, accountName, name, actions, repositories, scope, expiresAt } = token;
    const ofAccount = eq(accessTokens.accountId, accountId);
    return writeUnremembered(() => {
      const forgotten = db
        .select({ id: accessTokens.id })
        .from(accessTokens)
        .where(lte(accessTokens.expiresAt, now - shownExpiredMs))
        .limit(maxForgotten);
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
        throw new RegistryError('CONFLICT', `${accountName} has a token named ${name} already; rotate or revoke it`, {
          detail: { id: taken.id, name },
        });
      }
      const valid = db
        .select({ n: count() })
        .from(accessTokens)
        .where(and(ofAccount, gt(accessTokens.expiresAt, now)))
        .get();
      if (limit > 0 && (valid?.n ?? 0) >= limit) {
        const message = `${accountName} has ${limit} tokens, which is the limit; revoke one that is not used any more`;
        throw new RegistryError('CONFLICT', message, { detail: { limit } });
      }
      const created = db
        .insert(accessTokens)
        .values({ ...token, generation: 1, createdAt: now, createdBy: actor.id, createdByName: actor.name })
        .returning()
        .get();
      log.record(input, {
        type: 'token_created',
        details: {
          token_id: id,
          token: name,
          account_id: accountId,
          username: accountName,
          scope,
          actions: actions.join(','),
          repositories: repositories.join(','),
          expires_at: new Date(expiresAt).toISOString(),
        },
      });
      return tokenOf(created);
    });
  };
};
