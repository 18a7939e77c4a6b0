import { sql } from 'drizzle-orm';
import type { DanglingKind, Inspection } from '../../facets/inspection.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';

interface Search {
  /** What identifies the row. */
  readonly row: string;
  readonly from: string;
  readonly where: string;
}

const noRepository = 'NOT EXISTS (SELECT 1 FROM repositories r WHERE r.id = t.repository_id)';
const noBlob = 'NOT EXISTS (SELECT 1 FROM blobs b WHERE b.id = t.blob_id)';
const noManifest =
  'NOT EXISTS (SELECT 1 FROM manifests m WHERE m.id = t.manifest_id AND m.repository_id = t.repository_id)';

/** A tag or a reference must lead to a manifest of its own repository, which is more than the foreign keys ask. */
const searches: Readonly<Record<DanglingKind, Search>> = {
  lease: {
    row: `'repository ' || t.repository_id || ', blob ' || t.blob_id`,
    from: 'blob_links',
    where: `${noRepository} OR ${noBlob}`,
  },
  review: { row: `'blob ' || t.blob_id`, from: 'gc_queue', where: noBlob },
  upload: { row: `t.uuid`, from: 'uploads', where: noRepository },
  child: {
    row: `'manifest ' || t.parent_id || ', child ' || t.child_digest`,
    from: 'manifest_children',
    where: 'NOT EXISTS (SELECT 1 FROM manifests m WHERE m.id = t.parent_id)',
  },
  summary: {
    row: `'manifest ' || t.manifest_id`,
    from: 'manifest_summaries',
    where: 'NOT EXISTS (SELECT 1 FROM manifests m WHERE m.id = t.manifest_id)',
  },
  reference: {
    row: `'repository ' || t.repository_id || ', manifest ' || t.manifest_id || ', blob ' || t.blob_id`,
    from: 'manifest_blobs',
    where: `${noManifest} OR ${noBlob}`,
  },
  tag: {
    row: `coalesce((SELECT name FROM repositories r WHERE r.id = t.repository_id), t.repository_id) || ':' || t.name`,
    from: 'tags',
    where: `${noRepository} OR ${noManifest}`,
  },
  manifest: { row: `t.digest`, from: 'manifests', where: noRepository },
};

/** Nothing is lost with these: what they were for is not there. */
const removable: readonly DanglingKind[] = ['lease', 'review', 'upload', 'child', 'summary'];

export const inspectDangling: Operation<Inspection['listDangling']> = ({ db }) => {
  return (limit) =>
    Object.entries(searches).flatMap(([kind, { row, from, where }]) =>
      db
        .all<{ row: string }>(
          sql`SELECT ${sql.raw(row)} AS "row" FROM ${sql.raw(from)} t WHERE ${sql.raw(where)} LIMIT ${pageLimit(limit)}`,
        )
        .map((found) => ({ kind: kind as DanglingKind, row: found.row })),
    );
};

export const removeDangling: Operation<Inspection['removeDangling']> = ({ db, write }) => {
  return () => {
    write(() => {
      for (const kind of removable) {
        const { from, where } = searches[kind];
        db.run(sql`DELETE FROM ${sql.raw(from)} AS t WHERE ${sql.raw(where)}`);
      }
    });
  };
};
