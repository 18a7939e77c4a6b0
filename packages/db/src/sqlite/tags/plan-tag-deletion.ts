import { createHash } from 'node:crypto';
import type { Digest, Tag } from '@mcr/core';
import type { ManifestRecord } from '../../facets/manifests.ts';
import type { TagDeletion, TagDeletionPlan } from '../../facets/tags.ts';
import { tooMuchAtOnce, unknownManifest } from '../../rejections.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Connection } from '../connection/connection.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';
import { prepareFreedBytes } from './freed-bytes.ts';
import { preparePlanReads } from './plan-reads.ts';

/** A plan with the rows that it is about. */
export interface PlannedDeletion {
  readonly plan: TagDeletionPlan;
  readonly repositoryId: number;
  /** Manifests that lose a tag, whether or not they go. */
  readonly tagged: readonly number[];
  readonly manifestIds: ReadonlySet<number>;
}

const maxOtherTags = 20;
/** A thousand images of five platforms with an attestation each, deleted in one transaction. */
const maxManifests = 10_000;
/** Manifests that are looked at for it: more than one index of 4 MiB can list. */
const maxVisits = 40_000;

/**
 * Works out what deleting tags would do; yields between short steps, between which rows may go. Throws `NAME_UNKNOWN`,
 * `MANIFEST_UNKNOWN`, and `PARAMETER_INVALID` for more than one transaction should delete.
 */
export type PlanDeletion = (deletion: TagDeletion) => Generator<void, PlannedDeletion>;

export function preparePlan(connection: Connection): PlanDeletion {
  const ids = prepareRepositoryIds(connection);
  const reads = preparePlanReads(connection);
  const freedBytes = prepareFreedBytes(connection);

  return function* planDeletion({ repository, tags: names, withManifests }) {
    const repositoryId = ids.require(repository);
    const selected = new Set<Tag>(names);
    const tagged = [...selected].toSorted().map((name) => {
      const id = reads.manifestOfTag(repositoryId, name);
      if (id === undefined) throw unknownManifest({ kind: 'tag', tag: name });
      return { name, id };
    });
    const selectedOf = countBy(tagged.map(({ id }) => id));
    const gone = new Map<number, ManifestRecord>();

    /** Tags that stay: behind those that are selected, a few more are enough to know. */
    function otherTags(id: number, most: number): Tag[] {
      const found = reads.tagsOf(id, (selectedOf.get(id) ?? 0) + most);
      return found.filter((name) => !selected.has(name)).slice(0, most);
    }

    const isListed = (digest: Digest) =>
      reads.parentsOf(repositoryId, digest, gone.size + 1).some((parent) => !gone.has(parent));

    /** A manifest goes with what only it leads to: the manifests of an index, and what refers to it. */
    function visit(id: number): readonly number[] {
      if (gone.has(id) || otherTags(id, 1).length > 0) return [];
      const row = reads.record(id);
      if (row === undefined) return [];
      const manifest = withoutNulls(row);
      if (isListed(manifest.digest)) return [];
      gone.set(id, manifest);
      if (gone.size > maxManifests) throw tooMuchAtOnce(`delete more than ${maxManifests} manifests`);
      const most = maxVisits + 1;
      return [...reads.childrenOf(repositoryId, id, most), ...reads.referrersOf(repositoryId, manifest.digest, most)];
    }

    const queue = withManifests ? tagged.map(({ id }) => id) : [];
    let visits = 0;
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      for (const id of visit(next)) queue.push(id);
      visits += 1;
      if (visits + queue.length > maxVisits) throw tooMuchAtOnce(`look at more than ${maxVisits} manifests`);
      yield;
    }
    const planned: TagDeletionPlan['tags'][number][] = [];
    for (const { name, id } of tagged) {
      const digest = gone.get(id)?.digest ?? reads.record(id)?.digest;
      if (digest === undefined) throw unknownManifest({ kind: 'tag', tag: name });
      planned.push({ name, digest, otherTags: otherTags(id, maxOtherTags) });
      yield;
    }
    const manifests = [...gone.values()].toSorted((a, b) => (a.digest < b.digest ? -1 : 1));
    const content = { tags: planned, manifests };
    const id = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32);
    const manifestIds = new Set(gone.keys());
    const plan = { id, ...content, freedBytes: yield* freedBytes(manifestIds) };
    return { plan, repositoryId, tagged: [...selectedOf.keys()], manifestIds };
  };
}

function countBy(ids: readonly number[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
