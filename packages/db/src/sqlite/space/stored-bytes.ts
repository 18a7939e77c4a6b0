import type { RepositoryShare, StorageSpace } from '../../facets/space.ts';
import { type StoredSums, storedBytesOf } from '../../rows/stored-bytes.ts';
import type { Operation } from '../facet.ts';

/** One statement and so one moment. */
const sums = `SELECT t.blob_bytes AS total, s.bytes AS shared, q.bytes AS unreferenced, g.bytes AS trash,
    (SELECT coalesce(sum(unique_size), 0) FROM repositories WHERE deleted_at IS NOT NULL) AS deleted,
    (SELECT coalesce(sum(byte_offset), 0) FROM
      (SELECT byte_offset FROM uploads WHERE touched_at > 0 ORDER BY touched_at DESC LIMIT 1000)) AS uploads
  FROM totals t, shared_bytes s, pending_garbage q, pending_garbage g
  WHERE t.id = 1 AND s.id = 1 AND q.place = 'queue' AND g.place = 'trash'`;

export const storedBytes: Operation<StorageSpace['stored']> = ({ sqlite }) => {
  const statement = sqlite.prepare<[], StoredSums>(sums);
  return () => storedBytesOf(statement.get()!);
};

/** The index is by what a repository holds in all; what it has for itself is at most that. */
const candidates = `SELECT name, unique_size AS ownBytes FROM repositories WHERE deleted_at IS NULL AND total_size > 0
  ORDER BY total_size DESC, name DESC LIMIT 100`;

export const largestRepositories: Operation<StorageSpace['largest']> = ({ sqlite }) => {
  const statement = sqlite.prepare<[], RepositoryShare>(candidates);
  return ({ limit }) => {
    const held = statement.all().filter(({ ownBytes }) => ownBytes > 0);
    return held.toSorted((a, b) => b.ownBytes - a.ownBytes).slice(0, limit);
  };
};
