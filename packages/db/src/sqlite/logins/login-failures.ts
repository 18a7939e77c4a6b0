import type { FailureCount, LoginFailures } from '../../facets/logins.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../facet.ts';

/** Three for a failure: what attackers with hundreds of networks reach within a day. Below 20 MB. */
const maxRows = 150_000;
const forgetAfterMs = 24 * 3_600_000;
/** Rows that one failure looks at to forget them: more than it adds, so that they become fewer. */
const maxForgotten = 20;

function prepareFind({ sqlite }: Connection): (key: string) => FailureCount | undefined {
  const statement = sqlite.prepare<[string], FailureCount>('SELECT level, at FROM login_failures WHERE key = ?');
  return (key) => statement.get(key);
}

export const findLoginFailures: Operation<LoginFailures['find']> = (connection) => {
  const find = prepareFind(connection);
  return (keys) => connection.read(() => keys.map(find));
};

export const countLoginFailure: Operation<LoginFailures['count']> = (connection) => {
  const { sqlite, writeTogetherUnremembered } = connection;
  const find = prepareFind(connection);
  // A row that is replaced gets a new number, the highest: the order of numbers is that of the last failures.
  const put = sqlite.prepare('INSERT OR REPLACE INTO login_failures (key, level, at) VALUES (?, ?, ?)');
  const forget = sqlite.prepare(`DELETE FROM login_failures
    WHERE seq IN (SELECT seq FROM login_failures WHERE seq > 0 ORDER BY seq LIMIT ${maxForgotten}) AND (at < ? OR seq <= ?)`);
  return ({ key, before, after, others, now }) =>
    writeTogetherUnremembered(() => {
      if ((find(key)?.level ?? 0) !== before) return false;
      for (const { key: other, leakMs } of others) put.run(other, levelOf(find(other), leakMs, now) + 1, now);
      const { lastInsertRowid } = put.run(key, after, now);
      forget.run(now - forgetAfterMs, Number(lastInsertRowid) - maxRows);
      return true;
    });
};

/** Nothing leaks while the clock is set back. */
function levelOf(failures: FailureCount | undefined, leakMs: number, now: number): number {
  if (failures === undefined) return 0;
  return Math.max(0, failures.level - Math.max(0, now - failures.at) / leakMs);
}

export const forgetLoginFailures: Operation<LoginFailures['forget']> = ({ sqlite, writeTogetherUnremembered }) => {
  const statement = sqlite.prepare('DELETE FROM login_failures WHERE key = ?');
  return async (key) => {
    await writeTogetherUnremembered(() => statement.run(key));
  };
};
