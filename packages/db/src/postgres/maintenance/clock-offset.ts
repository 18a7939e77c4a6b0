import type { Operation } from '../facet.ts';

const clock = 'SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now';

/** Milliseconds that the clock of this process is ahead of the database's, to within half of the time that asking takes. */
export const clockOffset: Operation<() => Promise<number>> = (connection) => async () => {
  // The first statement may have to connect.
  await connection.query(clock);
  return await clockOffsetOf({ query: async (text) => ({ rows: await connection.query<{ now: number }>(text) }) });
};

/** The same by a connection that is open. */
export async function clockOffsetOf(client: {
  query(text: string): Promise<{ rows: Record<string, unknown>[] }>;
}): Promise<number> {
  const before = Date.now();
  const [row] = (await client.query(clock)).rows;
  return Math.round((before + Date.now()) / 2 - Number(row?.['now'] ?? before));
}
