import { type Tag, versionKey } from '@mcr/core';
import type { FoundTag, TagRecord, Tags } from '../../facets/tags.ts';
import { endOf, pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { requireRepository } from '../repositories/repository-ids.ts';

export const listTags: Operation<Tags['list']> = (connection) => {
  const text = 'SELECT name FROM tags WHERE repository_id = $1 AND name > $2 ORDER BY name LIMIT $3';
  return async (repository, { after = '', limit }) => {
    const length = pageLimit(limit);
    const repositoryId = await requireRepository(connection, repository);
    const rows = await connection.query<{ name: Tag }>(text, [repositoryId, after, length]);
    return rows.map(({ name }) => name);
  };
};

const columns = `SELECT t.name, m.digest, m.media_type AS "mediaType", m.size, t.updated_at AS "updatedAt"
  FROM tags t JOIN manifests m ON m.id = t.manifest_id WHERE t.repository_id = $1`;
const pages = {
  name: `${columns} AND t.name > $2 AND $3::text IS NOT NULL ORDER BY t.name LIMIT $4`,
  version: `${columns} AND (t.version_key, t.name) > ($3, $2) ORDER BY t.version_key, t.name LIMIT $4`,
};

export const listTagRecords: Operation<Tags['listRecords']> = (connection) => {
  return async (repository, { after = '', limit, order = 'name' }) => {
    const length = pageLimit(limit);
    const repositoryId = await requireRepository(connection, repository);
    const key = after === '' ? '' : versionKey(after);
    return await connection.query<TagRecord>(pages[order], [repositoryId, after, key, length]);
  };
};

const byPrefix = `SELECT r.name AS repository, t.name FROM tags t JOIN repositories r ON r.id = t.repository_id
  WHERE t.name >= $1 AND t.name < $2 AND r.deleted_at IS NULL ORDER BY t.name, t.repository_id LIMIT $3`;

export const findTagsByPrefix: Operation<Tags['findByPrefix']> = (connection) => {
  return async ({ prefix, limit }) =>
    await connection.query<FoundTag>(byPrefix, [prefix, endOf(prefix), pageLimit(limit)]);
};
