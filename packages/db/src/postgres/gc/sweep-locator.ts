import type { GarbageCollection } from '../../facets/gc.ts';
import type { Operation } from '../facet.ts';

/** No process is stopped for so long, and then goes on with the request that it had; milliseconds. */
const rememberedMs = 30 * 24 * 60 * 60_000;

export const sweepLocator: Operation<GarbageCollection['sweep']> =
  (connection) =>
  async ({ locator, size, kind, now }) => {
    const values = [locator, size, kind, now, now - rememberedMs];
    const [row] = await connection.query<{ swept: boolean }>(
      'SELECT sweep_locator($1, $2, $3, $4, $5) AS swept',
      values,
    );
    return row?.swept ?? false;
  };
