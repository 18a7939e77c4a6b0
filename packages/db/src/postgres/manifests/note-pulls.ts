import type { Manifests, Pull } from '../../facets/manifests.ts';
import type { Operation } from '../facet.ts';

/** Rows are locked in the order of their keys, so that processes that note the same pulls do not block each other for ever. */
const noteManifests = `INSERT INTO manifest_pulls AS p (manifest_id, last_pulled_at, last_pulled_by)
  SELECT DISTINCT ON (m.id) m.id, n.at, n.by FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) n (repository, digest, at, by)
    JOIN repositories r ON r.name = n.repository JOIN manifests m ON m.repository_id = r.id AND m.digest = n.digest
  ORDER BY m.id, n.at DESC
  ON CONFLICT (manifest_id) DO UPDATE SET last_pulled_at = excluded.last_pulled_at, last_pulled_by = excluded.last_pulled_by
    WHERE p.last_pulled_at < excluded.last_pulled_at`;
const noteTags = `WITH noted AS MATERIALIZED (
    SELECT t.repository_id, t.name, n.at, n.by FROM (SELECT DISTINCT ON (repository, tag) * FROM
        unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) u (repository, tag, at, by)
        WHERE tag IS NOT NULL ORDER BY repository, tag, at DESC) n
      JOIN repositories r ON r.name = n.repository JOIN tags t ON t.repository_id = r.id AND t.name = n.tag
    WHERE coalesce(t.last_pulled_at, 0) < n.at ORDER BY t.repository_id, t.name FOR NO KEY UPDATE OF t)
  UPDATE tags t SET last_pulled_at = n.at, last_pulled_by = n.by FROM noted n
  WHERE t.repository_id = n.repository_id AND t.name = n.name`;

export const notePulls: Operation<Manifests['notePulls']> = (connection) => async (pulls) => {
  if (pulls.length === 0) return;
  const column = <Key extends keyof Pull>(key: Key) => pulls.map((pull) => pull[key]);
  const rest = [column('at'), column('by')];
  // Not in one transaction: what fails in between is noted with the next pull, and no lock is held for longer.
  await connection.write(undefined, (tx) => tx.run(noteManifests, [column('repository'), column('digest'), ...rest]));
  await connection.write(undefined, (tx) => tx.run(noteTags, [column('repository'), column('tag'), ...rest]));
};
