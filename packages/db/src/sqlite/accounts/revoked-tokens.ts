import { eq, inArray, lte, sql } from 'drizzle-orm';
import type { Accounts } from '../../facets/accounts.ts';
import { prepareBumpVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { revokedTokens } from '../schema/index.ts';

/** Expired tokens that one revocation forgets: more than it adds, so that they become fewer. */
const maxForgotten = 100;

export const revokeToken: Operation<Accounts['revokeToken']> = (connection) => {
  const { db, write } = connection;
  const bumpVersion = prepareBumpVersion(connection);
  return ({ tokenId, expiresAt, now }) => {
    write(() => {
      db.insert(revokedTokens)
        .values({ tokenId, expiresAt })
        .onConflictDoUpdate({
          target: revokedTokens.tokenId,
          set: { expiresAt: sql`max(${revokedTokens.expiresAt}, excluded.expires_at)` },
        })
        .run();
      const expired = db
        .select({ tokenId: revokedTokens.tokenId })
        .from(revokedTokens)
        .where(lte(revokedTokens.expiresAt, now))
        .limit(maxForgotten);
      db.delete(revokedTokens).where(inArray(revokedTokens.tokenId, expired)).run();
      bumpVersion('accounts');
    });
  };
};

export const isTokenRevoked: Operation<Accounts['isTokenRevoked']> = ({ db }) => {
  const statement = db
    .select({ tokenId: revokedTokens.tokenId })
    .from(revokedTokens)
    .where(eq(revokedTokens.tokenId, sql.placeholder('tokenId')))
    .prepare();
  return (tokenId) => statement.get({ tokenId }) !== undefined;
};
