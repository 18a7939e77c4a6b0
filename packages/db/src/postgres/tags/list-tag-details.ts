import { attachmentKinds, attachmentTagEnds, type Digest, type Tag, versionKey } from '@mcr/core';
import type { TagOrder, Tags } from '../../facets/tags.ts';
import { pageLimit } from '../../rows/pages.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Operation } from '../facet.ts';
import { requireRepository } from '../repositories/repository-ids.ts';
import { attachedTags, conditionsOf, conditionValues, isShown, types } from './tag-conditions.ts';

/** References that are added up for one tag: twenty platforms of fifty layers. */
const maxReferences = 1_000;

/** Where a page begins, by its order: after a name, the key of a version, or a time. */
const places: Readonly<Record<Exclude<TagOrder, 'newest_version'>, readonly [after: string, order: string]>> = {
  name: ['name > $2 AND $3::text IS NOT NULL AND $4::bigint IS NOT NULL', 'name'],
  version: ['(version_key, name) > ($3, $2) AND $4::bigint IS NOT NULL', 'version_key, name'],
  updated: ['(updated_at, name) < ($4::bigint, $2) AND $3::text IS NOT NULL', 'updated_at DESC, name DESC'],
};

const { fits, manifestFits } = conditionsOf(['$5', '$7', '$8', '$9', '$10']);

const columns = 't.name, t.manifest_id, t.updated_at, t.pushed_by, t.last_pulled_at, t.last_pulled_by';

/** Tags of a page by themselves, and their places. */
const pageOf = ([after, order]: readonly [string, string]) => `
  SELECT ${columns}, row_number() OVER (ORDER BY ${order}) AS place FROM tags t
  WHERE t.repository_id = $1 AND ${after} AND ${fits} AND ${manifestFits} ORDER BY ${order} LIMIT $6`;

const key = 'image_key(t.version_key)';
/** Of the image of $2, tags behind the one of $13, or none without one; of the others, all. */
const behind = `(${key}, t.name) < (CASE WHEN i.name = $2 THEN image_key($12 COLLATE "C") ELSE '~' END, CASE WHEN i.name = $2 THEN $13 ELSE '' END)`;
/** Tags of a page by image, from the image of $2 on. With $11 the limit counts images, of which each has at most so many tags. */
const byImage = `
  SELECT ${columns}, row_number() OVER (ORDER BY i.image_key DESC, i.name DESC, t.key DESC, t.name DESC) AS place
  FROM (SELECT i.* FROM tagged_images i WHERE i.repository_id = $1 AND $4::bigint IS NOT NULL
    AND ($2 = '' OR (i.image_key, i.name) <= (image_key($3 COLLATE "C"), $2))
    AND EXISTS (SELECT 1 FROM tags t WHERE t.manifest_id = i.manifest_id AND ${behind} AND ${fits} AND ${manifestFits} OFFSET 0)
    ORDER BY i.image_key DESC, i.name DESC LIMIT $6) i
  CROSS JOIN LATERAL (SELECT ${columns}, ${key} AS key FROM tags t WHERE t.manifest_id = i.manifest_id AND ${behind} AND ${fits}
    ORDER BY ${key} DESC, t.name DESC LIMIT coalesce($11::bigint, $6)) t
  ORDER BY i.image_key DESC, i.name DESC, t.key DESC, t.name DESC LIMIT CASE WHEN $11::bigint IS NULL THEN $6 END`;

/** The tags of a page first; then each of their manifests once, though many tags may point to it. */
const textOf = (page: string) => `
  WITH page AS MATERIALIZED (${page}),
  listed AS MATERIALIZED (SELECT m.id, m.digest, m.media_type, m.artifact_type, m.size,
      referenced_size(m.id, $1, ${maxReferences}) AS total_size, CASE WHEN ${isShown} THEN s.platforms END AS platforms,
      CASE WHEN ${isShown} AND s.platforms IS NULL THEN m.content END AS content, pulls.last_pulled_at, pulls.last_pulled_by,
      coalesce(images.tag_count, 1) AS tag_count, images.name AS newest_tag,
      ${types} AS types, ${attachedTags(Object.values(attachmentTagEnds))} AS attached_tags
    FROM (SELECT DISTINCT manifest_id AS id FROM page) p JOIN manifests m ON m.id = p.id
    LEFT JOIN manifest_summaries s ON s.manifest_id = m.id LEFT JOIN manifest_pulls pulls ON pulls.manifest_id = m.id
    LEFT JOIN tagged_images images ON images.manifest_id = m.id)
  SELECT p.name, p.updated_at AS "updatedAt", l.digest, l.media_type AS "mediaType", l.artifact_type AS "artifactType", l.size,
    l.total_size AS "totalSize", l.platforms, l.content, p.pushed_by AS "pushedBy", p.last_pulled_at AS "lastPulledAt",
    p.last_pulled_by AS "lastPulledBy", l.last_pulled_at AS "imagePulledAt", l.last_pulled_by AS "imagePulledBy", l.types,
    l.attached_tags AS "attachedTags", l.tag_count AS "imageTags", l.newest_tag AS "newestTag"
  FROM page p JOIN listed l ON l.id = p.manifest_id ORDER BY p.place`;

const pages: Readonly<Record<TagOrder, string>> = {
  name: textOf(pageOf(places.name)),
  version: textOf(pageOf(places.version)),
  updated: textOf(pageOf(places.updated)),
  newest_version: textOf(byImage),
};

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
  readonly pushedBy: string | null;
  readonly lastPulledAt: number | null;
  readonly lastPulledBy: string | null;
  readonly imagePulledAt: number | null;
  readonly imagePulledBy: string | null;
  readonly types: readonly string[];
  readonly attachedTags: readonly string[];
  readonly imageTags: number;
  readonly newestTag: Tag | null;
}

export const listTagDetails: Operation<Tags['listDetails']> = (connection) => {
  return async (repository, { after = '', limit, order = 'name', tagsPerImage, ...filter }) => {
    const [search, match, ...rest] = conditionValues(filter);
    const length = pageLimit(limit);
    const repositoryId = await requireRepository(connection, repository);
    const values = [repositoryId, ...placeOf(order, after), search, length, match, ...rest];
    if (order === 'newest_version') values.push(tagsPerImage ?? null, ...tagOf(after));
    return (await connection.query<Row>(pages[order], values)).map(({ types: found, attachedTags: tags, ...row }) => ({
      ...withoutNulls(row),
      attached: attachmentKinds(found, tags),
    }));
  };
};

/** The place that a cursor names. */
function placeOf(order: TagOrder, cursor: string): readonly [name: string, version: string, updatedAt: number] {
  if (order === 'newest_version') return placeOf('version', cursor.split(' ')[0] ?? '');
  if (order !== 'updated') return [cursor, cursor === '' ? '' : versionKey(cursor), 0];
  if (cursor === '') return ['', '', Number.MAX_SAFE_INTEGER];
  const [updatedAt = '', name = ''] = cursor.split(' ');
  return [name, '', Number(updatedAt)];
}

/** The tag of its image that a cursor names. */
function tagOf(cursor: string): readonly [version: string, name: string] {
  const [, name = ''] = cursor.split(' ');
  return [name === '' ? '' : versionKey(name), name];
}
