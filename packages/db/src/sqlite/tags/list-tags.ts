import { versionKey } from '@mcr/core';
import { and, asc, eq, gt, type SQL, sql } from 'drizzle-orm';
import type { Tags } from '../../facets/tags.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';
import { manifests, tags } from '../schema/index.ts';

const onPage = and(eq(tags.repositoryId, sql.placeholder('repositoryId')), gt(tags.name, sql.placeholder('after')));

const onVersionPage = and(
  eq(tags.repositoryId, sql.placeholder('repositoryId')),
  sql`(${tags.versionKey}, ${tags.name}) > (${sql.placeholder('key')}, ${sql.placeholder('after')})`,
);

export const listTags: Operation<Tags['list']> = (connection) => {
  const ids = prepareRepositoryIds(connection);
  const statement = connection.db
    .select({ name: tags.name })
    .from(tags)
    .where(onPage)
    .orderBy(asc(tags.name))
    .limit(sql.placeholder('limit'))
    .prepare();
  return (repository, { after = '', limit }) =>
    statement.all({ repositoryId: ids.require(repository), after, limit: pageLimit(limit) }).map(({ name }) => name);
};

export const listTagRecords: Operation<Tags['listRecords']> = (connection) => {
  const ids = prepareRepositoryIds(connection);
  const prepare = (page: SQL | undefined, ...order: readonly SQL[]) =>
    connection.db
      .select({
        name: tags.name,
        digest: manifests.digest,
        mediaType: manifests.mediaType,
        size: manifests.size,
        updatedAt: tags.updatedAt,
      })
      .from(tags)
      .innerJoin(manifests, eq(manifests.id, tags.manifestId))
      .where(page)
      .orderBy(...order)
      .limit(sql.placeholder('limit'))
      .prepare();
  const statements = {
    name: prepare(onPage, asc(tags.name)),
    version: prepare(onVersionPage, asc(tags.versionKey), asc(tags.name)),
  };
  return (repository, { after = '', limit, order = 'name' }) => {
    const key = after === '' ? '' : versionKey(after);
    return statements[order].all({ repositoryId: ids.require(repository), after, key, limit: pageLimit(limit) });
  };
};
