import { and, asc, eq, gt, notExists, sql } from 'drizzle-orm';
import { mergedByName } from '../../common/owner-identity.ts';
import type { Identities } from '../../facets/identities.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { identities, tokenOwners } from '../schema/index.ts';

export const findIdentityById: Operation<Identities['findById']> = ({ db }) => {
  const statement = db
    .select()
    .from(identities)
    .where(eq(identities.id, sql.placeholder('id')))
    .prepare();
  return (id) => statement.get({ id });
};

export const findIdentityByName: Operation<Identities['findByName']> = ({ db }) => {
  const statement = db
    .select()
    .from(identities)
    .where(eq(identities.username, sql.placeholder('username')))
    .prepare();
  return (username) => statement.get({ username });
};

export const listIdentities: Operation<Identities['list']> =
  ({ db }) =>
  ({ after = '', limit }) => {
    const people = db
      .select()
      .from(identities)
      .where(gt(identities.username, after))
      .orderBy(asc(identities.username))
      .limit(pageLimit(limit))
      .all();
    const person = db.select({ id: identities.id }).from(identities).where(eq(identities.id, tokenOwners.id));
    const owners = db
      .select()
      .from(tokenOwners)
      .where(and(gt(tokenOwners.username, after), notExists(person)))
      .orderBy(asc(tokenOwners.username))
      .limit(pageLimit(limit))
      .all();
    return mergedByName(people, owners, limit);
  };
