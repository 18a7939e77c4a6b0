import { attachmentKinds, attachmentTags, type Digest, type Tag } from '@mcr/core';
import type { TagDetails } from '../../facets/tags.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Connection } from '../connection/connection.ts';
import { prepareReferencedSize } from '../manifests/referenced-size.ts';
import { platformsOf } from '../manifests/summary-rows.ts';
import { isShown, maxReferrers } from './tag-conditions.ts';

/** References that are added up for one tag: twenty platforms of fifty layers. */
const maxReferences = 1_000;

/** A row of a list of tags; the columns of `tagColumns`. */
export interface TagRow extends Pick<TagDetails, 'name' | 'updatedAt'> {
  readonly manifestId: number;
  readonly pushedBy: string | null;
  readonly lastPulledAt: number | null;
  readonly lastPulledBy: string | null;
}

/** Columns of a `TagRow`, of the tag `t`. */
export const tagColumns = `t.name, t.manifest_id AS manifestId, t.updated_at AS updatedAt, t.pushed_by AS pushedBy,
  t.last_pulled_at AS lastPulledAt, t.last_pulled_by AS lastPulledBy`;

interface ManifestRow {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly artifactType: string | null;
  readonly size: number;
  readonly platforms: string | null;
  readonly content: Uint8Array | null;
  readonly imagePulledAt: number | null;
  readonly imagePulledBy: string | null;
  readonly imageTags: number;
  readonly newestTag: Tag | null;
}

/** Loads tags with their manifests; a manifest that many of them point to is read once. */
export function prepareLoadTags(connection: Connection) {
  const sizeOf = prepareReferencedSize(connection);
  const attachedTo = prepareAttached(connection);
  const select = connection.sqlite.prepare<[number], ManifestRow>(`
    SELECT digest, media_type AS mediaType, artifact_type AS artifactType, size,
      CASE WHEN ${isShown} THEN s.platforms END AS platforms,
      CASE WHEN ${isShown} AND s.platforms IS NULL THEN content END AS content,
      p.last_pulled_at AS imagePulledAt, p.last_pulled_by AS imagePulledBy, coalesce(i.tag_count, 1) AS imageTags, i.name AS newestTag
    FROM manifests m LEFT JOIN manifest_summaries s ON s.manifest_id = m.id
    LEFT JOIN manifest_pulls p ON p.manifest_id = m.id
    LEFT JOIN tagged_images i ON i.manifest_id = m.id WHERE m.id = ?`);
  return (repositoryId: number) => {
    type Manifest = Omit<TagDetails, 'name' | 'updatedAt' | 'pushedBy' | 'lastPulledAt' | 'lastPulledBy'>;
    const loaded = new Map<number, Manifest | undefined>();
    function load(id: number): Manifest | undefined {
      const row = select.get(id);
      if (row === undefined) return undefined;
      const { platforms: text, ...manifest } = row;
      const platforms = platformsOf(text);
      const attached = attachedTo(repositoryId, row.digest);
      const totalSize = sizeOf({ id, repositoryId }, maxReferences);
      return { ...withoutNulls(manifest), totalSize, attached, ...(platforms !== undefined && { platforms }) };
    }
    return ({ manifestId, ...tag }: TagRow): TagDetails | undefined => {
      if (!loaded.has(manifestId)) loaded.set(manifestId, load(manifestId));
      const manifest = loaded.get(manifestId);
      return manifest && { ...withoutNulls(tag), ...manifest };
    };
  };
}

/** Tells the kinds of what refers to a manifest, in a few steps through indexes. */
function prepareAttached({ sqlite }: Connection) {
  const types = sqlite
    .prepare<[number, Digest], string>(`
      SELECT coalesce(artifact_type, '') FROM manifests
      WHERE repository_id = ? AND subject_digest = ? ORDER BY digest LIMIT ${maxReferrers}`)
    .pluck();
  const tags = sqlite
    .prepare<[number, ...string[]], string>('SELECT name FROM tags WHERE repository_id = ? AND name IN (?, ?, ?)')
    .pluck();
  return (repositoryId: number, digest: Digest) =>
    attachmentKinds(types.all(repositoryId, digest), tags.all(repositoryId, ...attachmentTags(digest)));
}
