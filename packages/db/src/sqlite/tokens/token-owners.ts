import { eq, sql } from 'drizzle-orm';
import type { AccessTokens } from '../../facets/tokens.ts';
import { prepareBumpVersion } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { tokenOwners } from '../schema/index.ts';

export const findTokenOwner: Operation<AccessTokens['findOwner']> = ({ db }) => {
  const statement = db
    .select()
    .from(tokenOwners)
    .where(eq(tokenOwners.id, sql.placeholder('id')))
    .prepare();
  return (id) => {
    const row = statement.get({ id });
    if (row === undefined) return undefined;
    const { id: _, username, accountType, roles, signedInAt, blocked } = row;
    return { principal: { id, username, accountType, roles }, signedInAt, blocked };
  };
};

export const putTokenOwner: Operation<AccessTokens['putOwner']> = (connection) => {
  const { db, write } = connection;
  const bumpVersion = prepareBumpVersion(connection);
  return ({ principal: { id, username, accountType, roles }, signedInAt }) => {
    const values = { username, accountType, roles, signedInAt };
    write(() => {
      db.insert(tokenOwners)
        .values({ id, ...values })
        .onConflictDoUpdate({ target: tokenOwners.id, set: values })
        .run();
      bumpVersion('accounts');
    });
  };
};
