import { type Digest, type Tag, versionKey } from '@mcr/core';
import type { TagDetails, TagOrder, Tags } from '../../facets/tags.ts';
import { pageLimit, type Walk, walk } from '../../rows/pages.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../facet.ts';
import { maxListedContent } from '../manifests/manifest-columns.ts';
import { prepareReferencedSize } from '../manifests/referenced-size.ts';
import { platformsOf } from '../manifests/summary-rows.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';

/** References that are added up for one tag: twenty platforms of fifty layers. */
const maxReferences = 1_000;
/** Tags that are read at a time, and names that a search looks at. */
const [readSize, searchSize] = [100, 1_000];

type TagKey = readonly [name: Tag, manifestId: number, updatedAt: number];

export const listTagDetails: Operation<Tags['listDetails']> = (connection) => {
  const ids = prepareRepositoryIds(connection);
  const readKeys = prepareKeys(connection);
  const prepareTag = prepareLoad(connection);
  return async (repository, { after = '', limit, search = '', order = 'name' }) => {
    const repositoryId = ids.require(repository);
    const part = search.toLowerCase();
    const tags: Walk<TagKey, TagDetails> = {
      read: (last, length) => readKeys[order](repositoryId, last, length),
      matches: ([name]) => name.toLowerCase().includes(part),
      load: prepareTag(repositoryId),
      length: search === '' ? Math.min(limit, readSize) : searchSize,
    };
    return await walk(tags, { after: after === '' ? undefined : keyOf(order, after), limit: pageLimit(limit) });
  };
};

/** The place that a cursor names. */
function keyOf(order: TagOrder, cursor: string): TagKey {
  if (order !== 'updated') return [cursor as Tag, 0, 0];
  const [updatedAt = '', name = ''] = cursor.split(' ');
  return [name as Tag, 0, Number(updatedAt)];
}

function prepareKeys({ sqlite }: Connection) {
  const select = (rest: string) =>
    sqlite
      .prepare<unknown[], TagKey>(
        `SELECT name, manifest_id, updated_at FROM tags WHERE repository_id = ? ${rest} LIMIT ?`,
      )
      .raw();
  const byName = select('AND name > ? ORDER BY name');
  const byVersion = select('AND (version_key, name) > (?, ?) ORDER BY version_key, name');
  const newest = select('ORDER BY updated_at DESC, name DESC');
  const beforeThat = select('AND (updated_at, name) < (?, ?) ORDER BY updated_at DESC, name DESC');
  type Read = (repositoryId: number, last: TagKey | undefined, length: number) => TagKey[];
  return {
    name: (repositoryId, last, length) => byName.all(repositoryId, last?.[0] ?? '', length),
    version(repositoryId, last, length) {
      const name = last?.[0] ?? '';
      return byVersion.all(repositoryId, name === '' ? '' : versionKey(name), name, length);
    },
    updated: (repositoryId, last, length) =>
      last === undefined ? newest.all(repositoryId, length) : beforeThat.all(repositoryId, last[2], last[0], length),
  } satisfies Record<TagOrder, Read>;
}

interface ManifestRow {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly artifactType: string | null;
  readonly size: number;
  readonly platforms: string | null;
  readonly content: Uint8Array | null;
}

/** Whether a list shows what the content of a manifest says: as long as that is not filled in, it is read for it. */
const isShown = `size <= ${maxListedContent} AND NOT EXISTS
  (SELECT 1 FROM damaged_manifests d WHERE d.manifest_id = m.id)`;

/** Loads tags with their manifests; a manifest that many of them point to is read once. */
function prepareLoad(connection: Connection) {
  const sizeOf = prepareReferencedSize(connection);
  const select = connection.sqlite.prepare<[number], ManifestRow>(`
    SELECT digest, media_type AS mediaType, artifact_type AS artifactType, size,
      CASE WHEN ${isShown} THEN s.platforms END AS platforms,
      CASE WHEN ${isShown} AND s.platforms IS NULL THEN content END AS content
    FROM manifests m LEFT JOIN manifest_summaries s ON s.manifest_id = m.id WHERE m.id = ?`);
  return (repositoryId: number) => {
    const loaded = new Map<number, Omit<TagDetails, 'name' | 'updatedAt'> | undefined>();
    const loadManifest = (id: number) => {
      const row = select.get(id);
      if (row === undefined) return undefined;
      const { platforms: text, ...manifest } = row;
      const platforms = platformsOf(text);
      const totalSize = sizeOf({ id, repositoryId }, maxReferences);
      return { ...withoutNulls(manifest), totalSize, ...(platforms !== undefined && { platforms }) };
    };
    return ([name, manifestId, updatedAt]: TagKey): TagDetails | undefined => {
      if (!loaded.has(manifestId)) loaded.set(manifestId, loadManifest(manifestId));
      const manifest = loaded.get(manifestId);
      return manifest && { name, updatedAt, ...manifest };
    };
  };
}
