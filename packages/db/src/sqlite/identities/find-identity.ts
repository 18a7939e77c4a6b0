import { asc, eq, gt, sql } from 'drizzle-orm';
import type { Identities } from '../../facets/identities.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { identities } from '../schema/index.ts';

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
  ({ after = '', limit }) =>
    db
      .select()
      .from(identities)
      .where(gt(identities.username, after))
      .orderBy(asc(identities.username))
      .limit(pageLimit(limit))
      .all();
