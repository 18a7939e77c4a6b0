import type { Operation } from '../facet.ts';

/** Milliseconds that the clock of this process is ahead of the database's, to within half of the time that asking takes. */
export const clockOffset: Operation<() => Promise<number>> = (connection) => async () => {
  const text = 'SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now';
  // The first statement may have to connect.
  await connection.query(text);
  const before = Date.now();
  const [row] = await connection.query<{ now: number }>(text);
  return Math.round((before + Date.now()) / 2 - (row?.now ?? before));
};
