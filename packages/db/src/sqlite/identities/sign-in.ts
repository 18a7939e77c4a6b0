import { and, eq, ne } from 'drizzle-orm';
import { attemptCompleted, nameOfAnother } from '../../common/identity-changes.ts';
import type { Identities } from '../../facets/identities.ts';
import { prepareBumpVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { accounts, identities, revokedTokens } from '../schema/index.ts';

export const signIn: Operation<Identities['signIn']> = (connection) => {
  const { db, write } = connection;
  const bumpVersion = prepareBumpVersion(connection);

  function spend({ id: tokenId, expiresAt }: { id: string; expiresAt: number }): void {
    const spent = db.insert(revokedTokens).values({ tokenId, expiresAt }).onConflictDoNothing().run();
    if (spent.changes === 0) throw attemptCompleted();
  }

  function assertFree(username: string, id: string): void {
    const account = db.select({ id: accounts.id }).from(accounts).where(eq(accounts.username, username)).get();
    const other = db
      .select({ id: identities.id })
      .from(identities)
      .where(and(eq(identities.username, username), ne(identities.id, id)))
      .get();
    if (account === undefined && other === undefined) return;
    throw nameOfAnother(username);
  }

  return ({ attempt, now, id, ...person }) =>
    write(() => {
      spend(attempt);
      const { provider, subject, username, roles } = person;
      const isThis = and(eq(identities.provider, provider), eq(identities.subject, subject));
      const before = db.select().from(identities).where(isThis).get();
      if (before?.blocked === true) return before;
      assertFree(username, before?.id ?? id);
      bumpVersion('accounts');
      const changed = { username, roles, signedInAt: now };
      if (before !== undefined) return db.update(identities).set(changed).where(isThis).returning().get();
      return db
        .insert(identities)
        .values({ id, provider, subject, ...changed, blocked: false, createdAt: now })
        .returning()
        .get();
    });
};
