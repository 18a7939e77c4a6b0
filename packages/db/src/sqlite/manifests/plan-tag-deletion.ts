import { createHash } from 'node:crypto';
import type { Digest, Tag } from '@mcr/core';
import { and, asc, eq, ne, sql } from 'drizzle-orm';
import type { TagDeletion, TagDeletionPlan } from '../../insights.ts';
import type { Connection } from '../connection/connection.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';
import { withoutNulls } from '../rows/without-nulls.ts';
import { blobs, manifestBlobs, manifestChildren, manifests, tags } from '../schema/index.ts';
import { unknownManifest } from './find-manifest.ts';
import { recordColumns } from './manifest-columns.ts';

/** A plan with the rows that it is about. */
export interface PlannedDeletion {
  readonly plan: TagDeletionPlan;
  readonly repositoryId: number;
  /** Manifests that lose a tag, whether or not they go. */
  readonly tagged: readonly number[];
  readonly manifestIds: ReadonlySet<number>;
}

const maxOtherTags = 20;

/** Works out what deleting tags would do; run in the transaction that then does it. */
export function preparePlan(connection: Connection): (deletion: TagDeletion) => PlannedDeletion {
  const { db } = connection;
  const ids = prepareRepositoryIds(connection);
  const rowOf = (id: number) => db.select(recordColumns).from(manifests).where(eq(manifests.id, id)).get() ?? missing();
  const tagsOf = (id: number) =>
    db.select({ name: tags.name }).from(tags).where(eq(tags.manifestId, id)).orderBy(asc(tags.name)).all();

  return ({ repository, tags: names, withManifests }) => {
    const repositoryId = ids.require(repository);
    const selected = new Set<Tag>(names);
    const gone = new Set<number>();

    const staysTagged = (id: number) => tagsOf(id).filter(({ name }) => !selected.has(name));
    const isListed = (digest: Digest) =>
      db
        .select({ id: manifestChildren.parentId })
        .from(manifestChildren)
        .innerJoin(manifests, eq(manifests.id, manifestChildren.parentId))
        .where(and(eq(manifestChildren.childDigest, digest), eq(manifests.repositoryId, repositoryId)))
        .all()
        .some(({ id }) => !gone.has(id));

    /** A manifest goes with what only it leads to: the manifests of an index, and what refers to it. */
    function visit(id: number): readonly { readonly id: number }[] {
      const { digest } = rowOf(id);
      if (gone.has(id) || staysTagged(id).length > 0 || isListed(digest)) return [];
      gone.add(id);
      const children = db
        .select({ id: manifests.id })
        .from(manifestChildren)
        .innerJoin(
          manifests,
          and(eq(manifests.repositoryId, repositoryId), eq(manifests.digest, sql`${manifestChildren.childDigest}`)),
        )
        .where(and(eq(manifestChildren.parentId, id), ne(manifests.id, id)))
        .all();
      const referrers = db
        .select({ id: manifests.id })
        .from(manifests)
        .where(and(eq(manifests.repositoryId, repositoryId), eq(manifests.subject, digest)))
        .all();
      return [...children, ...referrers];
    }

    const key = (tag: Tag) => and(eq(tags.repositoryId, repositoryId), eq(tags.name, tag));
    const tagged = [...selected].toSorted().map((name) => {
      const row = db.select({ id: tags.manifestId }).from(tags).where(key(name)).get();
      if (row === undefined) throw unknownManifest({ kind: 'tag', tag: name });
      return { name, id: row.id };
    });
    const queue: { readonly id: number }[] = withManifests ? [...tagged] : [];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) queue.push(...visit(next.id));
    const content = {
      tags: tagged.map(({ name, id }) => ({
        name,
        digest: rowOf(id).digest,
        otherTags: staysTagged(id)
          .slice(0, maxOtherTags)
          .map((tag) => tag.name),
      })),
      manifests: [...gone].map((id) => withoutNulls(rowOf(id))).toSorted((a, b) => (a.digest < b.digest ? -1 : 1)),
    };
    const id = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32);
    const plan = { id, ...content, freedBytes: freedBy(db, gone) };
    return { plan, repositoryId, tagged: [...new Set(tagged.map((tag) => tag.id))], manifestIds: gone };
  };
}

/** Bytes of the blobs that these manifests reference, and no others. */
function freedBy(db: Connection['db'], ids: ReadonlySet<number>): number {
  const list = sql`(select value from json_each(${JSON.stringify([...ids])}))`;
  const row = db.get<{ n: number }>(sql`select coalesce(sum(size), 0) as n from ${blobs}
    where id in (select blob_id from ${manifestBlobs} where manifest_id in ${list})
    and not exists (select 1 from ${manifestBlobs} other where other.blob_id = ${blobs.id} and other.manifest_id not in ${list})`);
  return row.n;
}

function missing(): never {
  throw new Error('A manifest vanished inside a transaction');
}
