import { type Digest, type Tag, versionKey } from '@mcr/core';
import type { TagDetails, TagOrder, Tags } from '../../facets/tags.ts';
import { pageLimit } from '../../rows/pages.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Operation } from '../facet.ts';
import { inService } from '../manifests/find-manifest.ts';
import { maxListedContent } from '../manifests/summary-rows.ts';
import { requireRepository } from '../repositories/repository-ids.ts';

/** References that are added up for one tag: twenty platforms of fifty layers. */
const maxReferences = 1_000;

/** Where a page begins, by its order: after a name, the key of a version, or a time. */
const places: Readonly<Record<TagOrder, readonly [after: string, order: string]>> = {
  name: ['name > $2 AND $3::text IS NOT NULL AND $4::bigint IS NOT NULL', 'name'],
  version: ['(version_key, name) > ($3, $2) AND $4::bigint IS NOT NULL', 'version_key, name'],
  updated: ['(updated_at, name) < ($4::bigint, $2) AND $3::text IS NOT NULL', 'updated_at DESC, name DESC'],
};

/** Whether a list shows what the content of a manifest says: as long as that is not filled in, it is read for it. */
const isShown = `m.size <= ${maxListedContent} AND ${inService}`;

/** The tags of a page first; then each of their manifests once, though many tags may point to it. */
const textOf = ([after, order]: readonly [string, string]) => `
  WITH page AS MATERIALIZED (SELECT name, manifest_id, updated_at, row_number() OVER (ORDER BY ${order}) AS place FROM tags
    WHERE repository_id = $1 AND ${after} AND strpos(lower(name), $5) > 0 ORDER BY ${order} LIMIT $6),
  listed AS MATERIALIZED (SELECT m.id, m.digest, m.media_type, m.artifact_type, m.size,
      referenced_size(m.id, $1, ${maxReferences}) AS total_size, CASE WHEN ${isShown} THEN s.platforms END AS platforms,
      CASE WHEN ${isShown} AND s.platforms IS NULL THEN m.content END AS content
    FROM (SELECT DISTINCT manifest_id AS id FROM page) p JOIN manifests m ON m.id = p.id
    LEFT JOIN manifest_summaries s ON s.manifest_id = m.id)
  SELECT p.name, p.updated_at AS "updatedAt", l.digest, l.media_type AS "mediaType", l.artifact_type AS "artifactType", l.size,
    l.total_size AS "totalSize", l.platforms, l.content
  FROM page p JOIN listed l ON l.id = p.manifest_id ORDER BY p.place`;

const pages = { name: textOf(places.name), version: textOf(places.version), updated: textOf(places.updated) };

interface Row {
  readonly name: Tag;
  readonly updatedAt: number;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly artifactType: string | null;
  readonly size: number;
  readonly totalSize: number;
  readonly platforms: readonly string[] | null;
  readonly content: Uint8Array | null;
}

export const listTagDetails: Operation<Tags['listDetails']> = (connection) => {
  return async (repository, { after = '', limit, search = '', order = 'name' }) => {
    const length = pageLimit(limit);
    const repositoryId = await requireRepository(connection, repository);
    const values = [repositoryId, ...placeOf(order, after), search.toLowerCase(), length];
    return (await connection.query<Row>(pages[order], values)).map((row): TagDetails => withoutNulls(row));
  };
};

/** The place that a cursor names. */
function placeOf(order: TagOrder, cursor: string): readonly [name: string, version: string, updatedAt: number] {
  if (order !== 'updated') return [cursor, cursor === '' ? '' : versionKey(cursor), 0];
  if (cursor === '') return ['', '', Number.MAX_SAFE_INTEGER];
  const [updatedAt = '', name = ''] = cursor.split(' ');
  return [name, '', Number(updatedAt)];
}
