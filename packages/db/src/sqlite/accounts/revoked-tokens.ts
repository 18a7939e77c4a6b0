import { eq, lte, sql } from 'drizzle-orm';
import { prepareBumpVersion } from '../coordination/versions.ts';
import type { Operation } from '../operation.ts';
import { revokedTokens } from '../schema/index.ts';

export const revokeToken: Operation<'revokeToken'> = (connection) => {
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
      db.delete(revokedTokens).where(lte(revokedTokens.expiresAt, now)).run();
      bumpVersion('accounts');
    });
  };
};

export const isTokenRevoked: Operation<'isTokenRevoked'> = ({ db }) => {
  const statement = db
    .select({ tokenId: revokedTokens.tokenId })
    .from(revokedTokens)
    .where(eq(revokedTokens.tokenId, sql.placeholder('tokenId')))
    .prepare();
  return (tokenId) => statement.get({ tokenId }) !== undefined;
};
