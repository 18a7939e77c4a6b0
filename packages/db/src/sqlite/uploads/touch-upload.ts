import type { Uploads } from '../../facets/uploads.ts';
import type { Operation } from '../facet.ts';

/** Later wins, since requests of several processes may touch one upload. */
export const touchUpload: Operation<Uploads['touch']> = ({ sqlite, writeTogetherUnremembered }) => {
  const statement = sqlite.prepare('UPDATE uploads SET touched_at = max(touched_at, ?) WHERE uuid = ?');
  return ({ id, now }) => writeTogetherUnremembered(() => statement.run(now, id).changes > 0);
};
