import type { StorageSample, StorageSpace } from '../../facets/space.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Operation } from '../facet.ts';

const put = `WITH forgotten AS (DELETE FROM storage_samples WHERE day < $4)
  INSERT INTO storage_samples (day, stored_bytes, used_bytes) VALUES ($1, $2, $3)
  ON CONFLICT (day) DO UPDATE SET stored_bytes = excluded.stored_bytes, used_bytes = excluded.used_bytes`;

export const putStorageSample: Operation<StorageSpace['putSample']> =
  (connection) =>
  async ({ day, storedBytes, usedBytes = null, keepSince }) => {
    await connection.write(undefined, (tx) => tx.run(put, [day, storedBytes, usedBytes, keepSince]));
  };

const list = `SELECT day, stored_bytes AS "storedBytes", used_bytes AS "usedBytes" FROM storage_samples WHERE day >= $1 ORDER BY day`;

export const listStorageSamples: Operation<StorageSpace['samples']> =
  (connection) =>
  async ({ sinceDay }) =>
    (await connection.query<StorageSample>(list, [sinceDay])).map((row) => withoutNulls(row) as StorageSample);
