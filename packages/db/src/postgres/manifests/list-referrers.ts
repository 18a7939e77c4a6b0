import type { Manifests } from '../../facets/manifests.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { inService, recordColumns } from './find-manifest.ts';
import { type ListedRow, listedOf } from './summary-rows.ts';

/** Of what fits, one at least, or a list would never go on: the bytes that are read of each add up in the order of the list. */
const text = `SELECT ${recordColumns}, s.annotations, CASE WHEN s.annotations IS NULL THEN m.content END AS content
  FROM (SELECT m.id, row_number() OVER page AS place,
      sum(coalesce(octet_length(s.annotations::text), m.size)) OVER page AS bytes
    FROM repositories r JOIN manifests m ON m.repository_id = r.id
    LEFT JOIN manifest_summaries s ON s.manifest_id = m.id
    WHERE r.name = $1 AND m.subject_digest = $2 AND m.digest > $3 AND ${inService}
      AND ($4::text IS NULL OR (left(m.artifact_type, 255) = left($4, 255) AND m.artifact_type = $4))
    WINDOW page AS (ORDER BY m.digest ROWS UNBOUNDED PRECEDING)
    ORDER BY m.digest LIMIT $5) f
  JOIN manifests m ON m.id = f.id LEFT JOIN manifest_summaries s ON s.manifest_id = m.id
  WHERE f.place = 1 OR f.bytes <= $6 ORDER BY m.digest`;

export const listReferrers: Operation<Manifests['listReferrers']> = (connection) => {
  return async (repository, subject, { after = '', limit, maxBytes = Number.MAX_SAFE_INTEGER, artifactType }) => {
    const values = [repository, subject, after, artifactType, pageLimit(limit), maxBytes];
    return (await connection.query<ListedRow>(text, values)).map(listedOf);
  };
};
