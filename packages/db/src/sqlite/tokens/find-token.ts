import { and, asc, count, eq, gt, lt, type or, sql } from 'drizzle-orm';
import type { AccessToken, AccessTokens } from '../../facets/tokens.ts';
import { pageLimit } from '../../rows/pages.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Operation } from '../facet.ts';
import { accessTokens } from '../schema/index.ts';

/** A token as the store's callers see it: without the hashes of its secrets. */
export function tokenOf(row: typeof accessTokens.$inferSelect): AccessToken {
  const { secretHash: _, previousHash: __, ...rest } = row;
  return withoutNulls(rest);
}

export const findTokenById: Operation<AccessTokens['findById']> = ({ db }) => {
  const statement = db
    .select()
    .from(accessTokens)
    .where(eq(accessTokens.id, sql.placeholder('id')))
    .prepare();
  return (id) => {
    const row = statement.get({ id });
    return row && tokenOf(row);
  };
};

export const findTokenBySecret: Operation<AccessTokens['findBySecret']> = ({ db }) => {
  const hash = sql.placeholder('hash');
  const current = db.select().from(accessTokens).where(eq(accessTokens.secretHash, hash)).prepare();
  const previous = db.select().from(accessTokens).where(eq(accessTokens.previousHash, hash)).prepare();
  return (secretHash) => {
    const row = current.get({ hash: secretHash });
    if (row !== undefined) return { token: tokenOf(row), generation: row.generation };
    const rotated = previous.get({ hash: secretHash });
    return rotated && { token: tokenOf(rotated), generation: rotated.generation - 1 };
  };
};

/** Each list is in the order of an index. */
export const listTokens: Operation<AccessTokens['list']> = ({ db }) => {
  const { accountId, accountName, name, id } = accessTokens;
  return ({ accountId: of, after = { accountName: '', name: '', id: '' }, limit }) => {
    const behind =
      of === undefined
        ? sql`(${accountName}, ${name}, ${id}) > (${after.accountName}, ${after.name}, ${after.id})`
        : and(eq(accountId, of), gt(name, after.name));
    const order = of === undefined ? [asc(accountName), asc(name), asc(id)] : [asc(name)];
    const rows = db
      .select()
      .from(accessTokens)
      .where(behind)
      .orderBy(...order)
      .limit(pageLimit(limit))
      .all();
    return rows.map(tokenOf);
  };
};

export const countTokens: Operation<AccessTokens['count']> = ({ db }) => {
  const { expiresAt } = accessTokens;
  const number = (where: ReturnType<typeof or>) =>
    db.select({ n: count() }).from(accessTokens).where(where).get()?.n ?? 0;
  return ({ now, expiringBefore }) => ({
    valid: number(gt(expiresAt, now)),
    expiring: number(and(gt(expiresAt, now), lt(expiresAt, expiringBefore))),
    expired: number(sql`${expiresAt} <= ${now}`),
  });
};
