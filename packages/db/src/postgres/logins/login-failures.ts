import type { FailureCount, LoginFailures } from '../../facets/logins.ts';
import { jsonb } from '../connection/values.ts';
import type { Operation } from '../facet.ts';

export const findLoginFailures: Operation<LoginFailures['find']> = (connection) => async (keys) => {
  const rows = await connection.query<FailureCount & { key: string }>(
    'SELECT key, level, at FROM login_failures WHERE key = ANY($1)',
    [keys],
  );
  const found = new Map(rows.map(({ key, level, at }) => [key, { level, at }]));
  return keys.map((key) => found.get(key));
};

/** Without an id: a second attempt finds that the first has counted, and is rejected as one of another process would be. */
export const countLoginFailure: Operation<LoginFailures['count']> =
  (connection) =>
  async ({ key, before, after, others, now }) => {
    const values = [key, before, after, jsonb(others), now];
    const [row] = await connection.query<{ counted: boolean }>(
      'SELECT count_login_failure($1, $2, $3, $4, $5) AS counted',
      values,
    );
    return row?.counted ?? false;
  };

export const forgetLoginFailures: Operation<LoginFailures['forget']> = (connection) => async (key) => {
  await connection.query('DELETE FROM login_failures WHERE key = $1', [key]);
};
