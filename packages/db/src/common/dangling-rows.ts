import type { DanglingKind } from '../facets/inspection.ts';

/** How rows `t` are found that point to nothing; in SQL that every dialect has. */
export interface DanglingSearch {
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
export const danglingSearches: Readonly<Record<DanglingKind, DanglingSearch>> = {
  lease: {
    row: `'repository ' || t.repository_id || ', blob ' || t.blob_id`,
    from: 'blob_links',
    where: `${noRepository} OR ${noBlob}`,
  },
  review: { row: `'blob ' || t.blob_id`, from: 'gc_queue', where: noBlob },
  upload: { row: 't.uuid', from: 'uploads', where: noRepository },
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
    row: `coalesce((SELECT name FROM repositories r WHERE r.id = t.repository_id), CAST(t.repository_id AS TEXT)) || ':' || t.name`,
    from: 'tags',
    where: `${noRepository} OR ${noManifest}`,
  },
  manifest: { row: 't.digest', from: 'manifests', where: noRepository },
};

/** Nothing is lost with these: what they were for is not there. */
export const removableKinds: readonly DanglingKind[] = ['lease', 'review', 'upload', 'child', 'summary'];
