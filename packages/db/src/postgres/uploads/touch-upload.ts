import type { Uploads } from '../../facets/uploads.ts';
import type { Operation } from '../facet.ts';

/** Later wins, since requests of several processes may touch one upload. */
export const touchUpload: Operation<Uploads['touch']> = (connection) => {
  const text = 'UPDATE uploads SET touched_at = greatest(touched_at, $2) WHERE uuid = $1 RETURNING uuid';
  return async ({ id, now }) => (await connection.query(text, [id, now])).length > 0;
};
