import type { RepositoryShare, StorageSpace } from '../../facets/space.ts';
import { type StoredSums, storedBytesOf } from '../../rows/stored-bytes.ts';
import type { Operation } from '../facet.ts';

const pending = (place: 'queue' | 'trash') =>
  `(SELECT sum(bytes)::bigint FROM pending_garbage WHERE place = '${place}')`;
/** One statement and so one moment. */
const sums = `SELECT (SELECT sum(blob_bytes)::bigint FROM totals) AS total, (SELECT sum(bytes)::bigint FROM shared_bytes) AS shared,
  ${pending('queue')} AS unreferenced, ${pending('trash')} AS trash,
  (SELECT coalesce(sum(u.unique_size), 0)::bigint FROM unique_figures u JOIN repositories r ON r.id = u.id
    WHERE r.deleted_at IS NOT NULL) AS deleted,
  (SELECT coalesce(sum(byte_offset), 0)::bigint FROM
    (SELECT byte_offset FROM uploads ORDER BY touched_at DESC LIMIT 1000) newest) AS uploads`;

export const storedBytes: Operation<StorageSpace['stored']> = (connection) => async () => {
  const [row] = await connection.query<StoredSums>(sums);
  return storedBytesOf(row!);
};

/** The index is by what a repository holds in all; what it has for itself is at most that. */
const largest = `SELECT r.name, u.unique_size AS "ownBytes" FROM
    (SELECT id, name FROM repositories WHERE deleted_at IS NULL ORDER BY total_size DESC, name DESC LIMIT 100) r
    JOIN unique_figures u ON u.id = r.id
  WHERE u.unique_size > 0 ORDER BY u.unique_size DESC, r.name LIMIT $1`;

export const largestRepositories: Operation<StorageSpace['largest']> =
  (connection) =>
  async ({ limit }) =>
    await connection.query<RepositoryShare>(largest, [limit]);
