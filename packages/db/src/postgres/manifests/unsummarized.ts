import type { Manifests, UnsummarizedManifest } from '../../facets/manifests.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { inService } from './find-manifest.ts';
import { summaryValues } from './summary-rows.ts';

type Row = { [Key in keyof UnsummarizedManifest]: UnsummarizedManifest[Key] | null } & { readonly next: number };

const text = `SELECT f.id AS next, m.id, r.name AS repository, m.digest, m.media_type AS "mediaType", m.content
  FROM (SELECT s.manifest_id AS id, m.id AS shown, row_number() OVER page AS place,
      sum(coalesce(m.size, 0)) OVER page AS bytes
    FROM (SELECT manifest_id FROM manifest_summaries WHERE platforms IS NULL AND manifest_id > $1
      ORDER BY manifest_id LIMIT $2) s
    LEFT JOIN (manifests m JOIN repositories r ON r.id = m.repository_id AND r.deleted_at IS NULL)
      ON m.id = s.manifest_id AND ${inService}
    WINDOW page AS (ORDER BY s.manifest_id ROWS UNBOUNDED PRECEDING)) f
  LEFT JOIN manifests m ON m.id = f.shown LEFT JOIN repositories r ON r.id = m.repository_id
  WHERE f.bytes <= $3 OR f.bytes - coalesce(m.size, 0) = 0 ORDER BY f.id`;

export const listUnsummarized: Operation<Manifests['listUnsummarized']> = (connection) => {
  return async ({ after = 0, limit, maxBytes }) => {
    const rows = await connection.query<Row>(text, [after, pageLimit(limit), maxBytes]);
    const next = rows.at(-1)?.next;
    const manifests = rows.flatMap(({ id, repository, digest, mediaType, content }) =>
      id === null || repository === null || digest === null || mediaType === null || content === null
        ? []
        : [{ id, repository, digest, mediaType, content }],
    );
    return { manifests, ...(next !== undefined && { next }) };
  };
};

export const keepSummaries: Operation<Manifests['keepSummaries']> = (connection) => {
  // A row id that became free may belong to another manifest now.
  const keep = `SELECT keep_summary(m.id, s.config, s.platforms, s.annotations)
    FROM unnest($1::bigint[], $2::text[], $3::text[], $4::json[], $5::json[]) s (id, digest, config, platforms, annotations)
    JOIN manifests m ON m.id = s.id AND m.digest = s.digest ORDER BY m.id`;
  return async (summaries) => {
    const kept = summaries.map(({ summary }) => summaryValues(summary));
    const columns = [0, 1, 2].map((at) => kept.map((values) => values[at]));
    await connection.query(keep, [summaries.map(({ id }) => id), summaries.map(({ digest }) => digest), ...columns]);
  };
};
