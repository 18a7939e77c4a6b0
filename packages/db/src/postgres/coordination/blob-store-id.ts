import type { Coordination } from '../../facets/coordination.ts';
import type { Operation } from '../facet.ts';

const set = 'INSERT INTO blob_store (one, id) VALUES (1, $1) ON CONFLICT (one) DO UPDATE SET id = excluded.id';

export const blobStoreId: Operation<Coordination['blobStoreId']> = (connection) => async () => {
  const [found] = await connection.query<{ id: string }>('SELECT id FROM blob_store');
  return found?.id;
};

export const setBlobStoreId: Operation<Coordination['setBlobStoreId']> = (connection) => async (id) => {
  await connection.query(set, [id]);
};
