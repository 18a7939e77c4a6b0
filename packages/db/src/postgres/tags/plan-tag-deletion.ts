import { createHash } from 'node:crypto';
import type { Digest, Tag } from '@mcr/core';
import type { ManifestRecord } from '../../facets/manifests.ts';
import type { TagDeletion, TagDeletionPlan } from '../../facets/tags.ts';
import { tooMuchAtOnce, unknownManifest } from '../../rejections.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Transaction } from '../connection/transaction.ts';
import { type RecordRow, recordColumns } from '../manifests/find-manifest.ts';

/** A plan with the rows that it is about. */
export interface PlannedDeletion {
  readonly plan: TagDeletionPlan;
  /** Manifests that lose a tag, whether or not they go. */
  readonly tagged: readonly number[];
  readonly manifestIds: readonly number[];
}

const maxOtherTags = 20;
/** A thousand images of five platforms with an attestation each, deleted in one transaction. */
const maxManifests = 10_000;
/** Manifests that are looked at for it: more than one index of 4 MiB can list. */
const maxVisits = 40_000;

interface PlannedTag {
  readonly name: Tag;
  readonly id: number;
  readonly digest: Digest;
  readonly otherTags: readonly Tag[];
}

const findTags = `SELECT t.name, m.id, m.digest, ARRAY(SELECT o.name FROM tags o
    WHERE o.manifest_id = m.id AND o.name <> ALL ($2::text[]) ORDER BY o.name LIMIT ${maxOtherTags}) AS "otherTags"
  FROM tags t JOIN manifests m ON m.id = t.manifest_id
  WHERE t.repository_id = $1 AND t.name = ANY ($2::text[]) ORDER BY t.name`;

/** Of some manifests, those that no tag that stays and no index that stays leads to, with what they lead to themselves. */
const findGoing = `SELECT m.id, ${recordColumns}, ARRAY(
    SELECT c.id FROM (SELECT child_digest FROM manifest_children WHERE parent_id = m.id LIMIT ${maxVisits + 1}) e
    JOIN manifests c ON c.repository_id = $1 AND c.digest = e.child_digest
    UNION SELECT * FROM (SELECT id FROM manifests WHERE repository_id = $1 AND subject_digest = m.digest
      LIMIT ${maxVisits + 1}) r) AS "leadsTo"
  FROM manifests m WHERE m.id = ANY ($3::bigint[])
    AND NOT EXISTS (SELECT 1 FROM tags t WHERE t.manifest_id = m.id AND t.name <> ALL ($2::text[]))
    AND NOT EXISTS (SELECT 1 FROM manifest_children p WHERE p.repository_id = $1 AND p.child_digest = m.digest
      AND p.parent_id <> ALL ($4::bigint[]))`;

const freedBytes = `SELECT coalesce(sum(b.size), 0)::bigint AS bytes FROM blobs b
  WHERE b.id IN (SELECT blob_id FROM manifest_blobs WHERE manifest_id = ANY ($1::bigint[]))
    AND NOT EXISTS (SELECT 1 FROM manifest_blobs o WHERE o.blob_id = b.id AND o.manifest_id <> ALL ($1::bigint[]))`;

/**
 * Works out what deleting tags would do. Throws `MANIFEST_UNKNOWN`, and `PARAMETER_INVALID` for more than one transaction should
 * delete.
 */
export async function planDeletion(
  tx: Transaction,
  repositoryId: number,
  { tags: names, withManifests }: TagDeletion,
): Promise<PlannedDeletion> {
  const selected = [...new Set(names)].toSorted();
  const tagged = await tx.query<PlannedTag>(findTags, [repositoryId, selected]);
  const missing = selected.find((tag) => !tagged.some(({ name }) => name === tag));
  if (missing !== undefined) throw unknownManifest({ kind: 'tag', tag: missing });
  const ids = [...new Set(tagged.map(({ id }) => id))];
  const gone = withManifests ? await findGone(tx, repositoryId, selected, ids) : new Map<number, ManifestRecord>();
  const manifests = [...gone.values()].toSorted((a, b) => (a.digest < b.digest ? -1 : 1));
  const content = { tags: tagged.map(({ name, digest, otherTags }) => ({ name, digest, otherTags })), manifests };
  const id = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32);
  const manifestIds = [...gone.keys()];
  const [freed] = await tx.query<{ bytes: number }>(freedBytes, [manifestIds]);
  return { plan: { id, ...content, freedBytes: freed?.bytes ?? 0 }, tagged: ids, manifestIds };
}

type Going = RecordRow & { readonly id: number; readonly leadsTo: readonly number[] };

/** A manifest goes with what only it leads to: the manifests of an index, and what refers to it; one step after the other. */
async function findGone(
  tx: Transaction,
  repositoryId: number,
  selected: readonly Tag[],
  ids: readonly number[],
): Promise<Map<number, ManifestRecord>> {
  const gone = new Map<number, ManifestRecord>();
  let visits = 0;
  let next = new Set(ids);
  while (next.size > 0) {
    visits += next.size;
    if (visits > maxVisits) throw tooMuchAtOnce(`look at more than ${maxVisits} manifests`);
    const going = await tx.query<Going>(findGoing, [repositoryId, selected, [...next], [...gone.keys()]]);
    for (const { id, leadsTo: _, ...record } of going) gone.set(id, withoutNulls(record));
    if (gone.size > maxManifests) throw tooMuchAtOnce(`delete more than ${maxManifests} manifests`);
    next = new Set(going.flatMap(({ leadsTo }) => leadsTo).filter((id) => !gone.has(id)));
  }
  return gone;
}
