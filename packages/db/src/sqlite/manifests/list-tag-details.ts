import { versionKey } from '@mcr/core';
import { and, asc, desc, eq, gt, lt, lte, or, type SQL, sql } from 'drizzle-orm';
import type { TagOrder } from '../../insights.ts';
import type { Operation } from '../operation.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';
import { pageLimit } from '../rows/page-limit.ts';
import { withoutNulls } from '../rows/without-nulls.ts';
import { manifests, tags } from '../schema/index.ts';
import { listedContent } from './manifest-columns.ts';
import { referencedSize } from './referenced-size.ts';

export const listTagDetails: Operation<'listTagDetails'> = (connection) => {
  const ids = prepareRepositoryIds(connection);
  return (repository, { after, limit, search = '', order = 'name' }) => {
    const { beyond, by } = inOrder(order, after);
    const matches = search === '' ? undefined : sql`instr(lower(${tags.name}), ${search.toLowerCase()}) > 0`;
    return connection.db
      .select({
        name: tags.name,
        digest: manifests.digest,
        mediaType: manifests.mediaType,
        artifactType: manifests.artifactType,
        size: manifests.size,
        updatedAt: tags.updatedAt,
        totalSize: referencedSize,
        content: listedContent,
      })
      .from(tags)
      .innerJoin(manifests, eq(manifests.id, tags.manifestId))
      .where(and(eq(tags.repositoryId, ids.require(repository)), beyond, matches))
      .orderBy(...by)
      .limit(pageLimit(limit))
      .all()
      .map(withoutNulls);
  };
};

function inOrder(order: TagOrder, after = ''): { beyond: SQL | undefined; by: SQL[] } {
  if (order === 'name') return { beyond: gt(tags.name, sql`${after}`), by: [asc(tags.name)] };
  if (order === 'version') {
    const beyond = sql`(${tags.versionKey}, ${tags.name}) > (${after === '' ? '' : versionKey(after)}, ${after})`;
    return { beyond, by: [asc(tags.versionKey), asc(tags.name)] };
  }
  const by = [desc(tags.updatedAt), desc(tags.name)];
  if (after === '') return { beyond: undefined, by };
  const [last = '', name = ''] = after.split(' ');
  const value = Number(last);
  return { beyond: and(lte(tags.updatedAt, value), or(lt(tags.updatedAt, value), lt(tags.name, sql`${name}`))), by };
}
