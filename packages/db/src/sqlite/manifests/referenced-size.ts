import { type SQL, sql } from 'drizzle-orm';
import { blobs, manifestBlobs, manifestChildren, manifests } from '../schema/index.ts';

/**
 * Bytes of the distinct blobs that the manifest of a query, or the manifests that it lists, reference.
 * Columns are qualified by hand: a query without joins would leave the table's name out.
 */
export const referencedSize: SQL<number> = sql<number>`coalesce((
  select sum(size) from ${blobs} where id in (
    select blob_id from ${manifestBlobs} where manifest_id in (
      select ${manifests}.id
      union all
      select child.id from ${manifestChildren} edge
        join ${manifests} child on child.repository_id = ${manifests}.repository_id and child.digest = edge.child_digest
        where edge.parent_id = ${manifests}.id
    ))), 0)`;
