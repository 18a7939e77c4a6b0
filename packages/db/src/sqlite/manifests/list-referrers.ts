import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { Manifests } from '../../facets/manifests.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';
import { manifestSummaries, manifests } from '../schema/index.ts';
import { inService, recordColumns } from './manifest-columns.ts';
import { listedOf } from './summary-rows.ts';

const { annotations } = manifestSummaries;
const summary = eq(manifestSummaries.manifestId, manifests.id);
/** Bytes that are read of one: SQLite knows the length of a text without reading it. */
const bytesRead = sql<number>`coalesce(octet_length(${annotations}), ${manifests.size})`;
const columns = {
  ...recordColumns,
  annotations,
  content: sql<Uint8Array | null>`case when ${annotations} is null then ${manifests.content} end`,
};

export const listReferrers: Operation<Manifests['listReferrers']> = (connection) => {
  const ids = prepareRepositoryIds(connection);
  return (repository, subject, { after = '', limit, maxBytes, artifactType }) => {
    const repositoryId = ids.find(repository);
    if (repositoryId === undefined) return [];
    const onPage = and(
      eq(manifests.repositoryId, repositoryId),
      eq(manifests.subject, subject),
      inService,
      gt(manifests.digest, sql`${after}`),
      artifactType === undefined ? undefined : eq(manifests.artifactType, artifactType),
    );
    const { db } = connection;
    const by = asc(manifests.digest);
    let fitting = pageLimit(limit);
    if (maxBytes !== undefined) {
      const sizes = db.select({ size: bytesRead }).from(manifests).leftJoin(manifestSummaries, summary);
      fitting = countFitting(sizes.where(onPage).orderBy(by).limit(fitting).all(), maxBytes);
    }
    const rows = db.select(columns).from(manifests).leftJoin(manifestSummaries, summary);
    return rows.where(onPage).orderBy(by).limit(fitting).all().map(listedOf);
  };
};

/** How many of the first have no more bytes together than that; one at least, or a list would never go on. */
function countFitting(rows: readonly { readonly size: number }[], maxBytes: number): number {
  let bytes = 0;
  const beyond = rows.findIndex(({ size }, at) => {
    bytes += size;
    return at > 0 && bytes > maxBytes;
  });
  return beyond === -1 ? rows.length : beyond;
}
