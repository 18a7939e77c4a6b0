import type { Digest, RepositoryName } from '@mcr/core';
import type { Manifests, UnsummarizedManifest } from '../../facets/manifests.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { prepareKeepSummary } from './summary-rows.ts';

interface Found {
  readonly repository: RepositoryName;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
}

export const listUnsummarized: Operation<Manifests['listUnsummarized']> = ({ sqlite, read }) => {
  // By this index and no other: the primary key would go through all that is filled in.
  const selectIds = sqlite
    .prepare<[number, number], number>(`
      SELECT manifest_id FROM manifest_summaries INDEXED BY manifest_summaries_to_fill
      WHERE platforms IS NULL AND manifest_id > ? ORDER BY manifest_id LIMIT ?`)
    .pluck();
  const select = sqlite.prepare<[number], Found>(`
    SELECT r.name AS repository, m.digest, m.media_type AS mediaType, m.size
    FROM manifests m CROSS JOIN repositories r ON r.id = m.repository_id
    WHERE m.id = ? AND r.deleted_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM damaged_manifests d WHERE d.manifest_id = m.id)`);
  const selectContent = sqlite.prepare<[number], Uint8Array>('SELECT content FROM manifests WHERE id = ?').pluck();

  return ({ after = 0, limit, maxBytes }) =>
    read(() => {
      const manifests: UnsummarizedManifest[] = [];
      let next: number | undefined;
      let bytes = 0;
      for (const id of selectIds.all(after, pageLimit(limit))) {
        const found = select.get(id);
        bytes += found?.size ?? 0;
        if (manifests.length > 0 && bytes > maxBytes) break;
        next = id;
        const content = found && selectContent.get(id);
        if (found === undefined || content === undefined) continue;
        const { repository, digest, mediaType } = found;
        manifests.push({ id, repository, digest, mediaType, content });
      }
      return { manifests, ...(next !== undefined && { next }) };
    });
};

export const keepSummaries: Operation<Manifests['keepSummaries']> = (connection) => {
  const keep = prepareKeepSummary(connection);
  // A row id that became free may belong to another manifest now.
  const isThere = connection.sqlite.prepare('SELECT 1 FROM manifests WHERE id = ? AND digest = ?');
  return (summaries) => {
    connection.write(() => {
      for (const { id, digest, summary } of summaries) if (isThere.get(id, digest) !== undefined) keep(id, summary);
    });
  };
};
