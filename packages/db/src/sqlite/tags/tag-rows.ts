import { type Tag, versionKey } from '@mcr/core';
import { and, eq, sql } from 'drizzle-orm';
import type { Change } from '../../facets/shared.ts';
import type { Connection } from '../connection/connection.ts';
import { tags } from '../schema/index.ts';

/** Single tags of a repository. */
export interface TagRows {
  /** Row id of the manifest that the tag points to. */
  find(repositoryId: number, tag: Tag): number | undefined;
  set(repositoryId: number, tag: Tag, manifestId: number, change: Pick<Change, 'actor' | 'now'>): void;
  remove(repositoryId: number, tag: Tag): void;
  isTagged(manifestId: number): boolean;
}

export function prepareTagRows({ db }: Connection): TagRows {
  const key = and(eq(tags.repositoryId, sql.placeholder('repositoryId')), eq(tags.name, sql.placeholder('tag')));
  const select = db.select({ manifestId: tags.manifestId }).from(tags).where(key).prepare();
  const upsert = db
    .insert(tags)
    .values({
      repositoryId: sql.placeholder('repositoryId'),
      name: sql.placeholder('tag'),
      manifestId: sql.placeholder('manifestId'),
      updatedAt: sql.placeholder('now'),
      versionKey: sql.placeholder('versionKey'),
      pushedBy: sql.placeholder('pushedBy'),
    })
    .onConflictDoUpdate({
      target: [tags.repositoryId, tags.name],
      set: {
        manifestId: sql`excluded.manifest_id`,
        updatedAt: sql`excluded.updated_at`,
        pushedBy: sql`excluded.pushed_by`,
      },
    })
    .prepare();
  const remove = db.delete(tags).where(key).prepare();
  const anyOf = db
    .select({ name: tags.name })
    .from(tags)
    .where(eq(tags.manifestId, sql.placeholder('manifestId')))
    .limit(1)
    .prepare();
  return {
    find: (repositoryId, tag) => select.get({ repositoryId, tag })?.manifestId,
    set(repositoryId, tag, manifestId, { actor, now }) {
      const pushedBy = actor.name ?? null;
      upsert.run({ repositoryId, tag, manifestId, now, versionKey: versionKey(tag), pushedBy });
    },
    remove: (repositoryId, tag) => void remove.run({ repositoryId, tag }),
    isTagged: (manifestId) => anyOf.get({ manifestId }) !== undefined,
  };
}
