import { attachmentKinds, attachmentTagEnds, type Digest, type Tag } from '@mcr/core';
import type { TagDetails } from '../../facets/tags.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Connection } from '../connection/connection.ts';
import { referencedSize } from '../manifests/referenced-size.ts';
import { platformsOf } from '../manifests/summary-rows.ts';
import { isShown, maxReferrers } from './tag-conditions.ts';

/** References that are added up for one tag: twenty platforms of fifty layers. */
const maxReferences = 1_000;
/** Manifests that one statement reads, which each may have as many references. */
export const loadedAtOnce = 10;

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
  readonly id: number;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly artifactType: string | null;
  readonly size: number;
  readonly totalSize: number;
  readonly platforms: string | null;
  readonly content: Uint8Array | null;
  readonly imagePulledAt: number | null;
  readonly imagePulledBy: string | null;
  readonly imageTags: number;
  readonly newestTag: Tag | null;
  /** Artifact types of what refers to it, and the tags that cosign gives that, as JSON. */
  readonly types: string;
  readonly attachmentTags: string;
}

const tagEnds = Object.values(attachmentTagEnds).map((end) => `replace(m.digest, ':', '-') || '${end}'`);

/** What a list shows of manifests, in one statement for several, since most of what such a read costs is each statement's. */
const statement = `
  SELECT m.id, digest, media_type AS mediaType, artifact_type AS artifactType, size, ${referencedSize('m.id', maxReferences)} AS totalSize,
    CASE WHEN ${isShown} THEN s.platforms END AS platforms,
    CASE WHEN ${isShown} AND s.platforms IS NULL THEN content END AS content,
    p.last_pulled_at AS imagePulledAt, p.last_pulled_by AS imagePulledBy, coalesce(i.tag_count, 1) AS imageTags, i.name AS newestTag,
    (SELECT json_group_array(type) FROM (SELECT coalesce(artifact_type, '') AS type FROM manifests
      WHERE repository_id = :repositoryId AND subject_digest = m.digest ORDER BY digest LIMIT ${maxReferrers}) found) AS types,
    (SELECT json_group_array(name) FROM tags
      WHERE repository_id = :repositoryId AND name IN (${tagEnds.join(', ')})) AS attachmentTags
  FROM json_each(:ids) d CROSS JOIN manifests m ON m.id = d.value
  LEFT JOIN manifest_summaries s ON s.manifest_id = m.id
  LEFT JOIN manifest_pulls p ON p.manifest_id = m.id
  LEFT JOIN tagged_images i ON i.manifest_id = m.id`;

type Manifest = Omit<TagDetails, 'name' | 'updatedAt' | 'pushedBy' | 'lastPulledAt' | 'lastPulledBy'>;

/** Loads tags with their manifests; a manifest that many of them point to is read once. */
export interface LoadTags {
  /** Reads manifests that tags will point to, at most `loadedAtOnce`. */
  readonly prepare: (manifestIds: readonly number[]) => void;
  /** Nothing for a manifest that has gone meanwhile. */
  readonly load: (row: TagRow) => TagDetails | undefined;
}

export function prepareLoadTags({ sqlite }: Connection): (repositoryId: number) => LoadTags {
  const select = sqlite.prepare<[{ repositoryId: number; ids: string }], ManifestRow>(statement);
  return (repositoryId) => {
    const loaded = new Map<number, Manifest>();
    function prepare(manifestIds: readonly number[]): void {
      const ids = [...new Set(manifestIds)].filter((id) => !loaded.has(id));
      if (ids.length === 0) return;
      const rows = select.all({ repositoryId, ids: JSON.stringify(ids) });
      for (const { id, ...row } of rows) loaded.set(id, manifestOf(row));
    }
    function load({ manifestId, ...tag }: TagRow): TagDetails | undefined {
      // Where a tag has moved meanwhile.
      prepare([manifestId]);
      const manifest = loaded.get(manifestId);
      return manifest && { ...withoutNulls(tag), ...manifest };
    }
    return { prepare, load };
  };
}

function manifestOf({ platforms: text, types, attachmentTags, ...row }: Omit<ManifestRow, 'id'>): Manifest {
  const platforms = platformsOf(text);
  const attached = attachmentKinds(JSON.parse(types), JSON.parse(attachmentTags));
  return { ...withoutNulls(row), attached, ...(platforms !== undefined && { platforms }) };
}
