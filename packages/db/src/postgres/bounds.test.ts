import { randomUUID } from 'node:crypto';
import { requirePostgres, sharedPostgres } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { change, hour, rule, start } from '../testing/fixtures.ts';
import { openStoreAndSession } from './testing/store-and-session.ts';

describe.skipIf(!requirePostgres(15))('what requests add to a database is bounded', () => {
  beforeAll(() => sharedPostgres(15), 120_000);

  test('a flood of names and addresses takes 150,000 rows, and then the place of those that failed longest ago', async () => {
    await using both = await openStoreAndSession();
    const { store, run } = both;
    await run(
      `INSERT INTO login_failures (key, level, at) SELECT 'key ' || n, 1, $1 FROM generate_series(1, 150010) n`,
      [start],
    );
    const count = (key: string) => {
      const others = [{ key: `account of ${key}`, leakMs: 1 }];
      return store.logins.count({ key, before: key.startsWith('key') ? 1 : 0, after: 1, others, now: start });
    };
    // The one that failed longest ago fails again.
    for (const key of ['key 1', 'new']) await count(key);
    expect(await run('SELECT count(*) FROM login_failures')).toEqual([{ count: '150000' }]);
    const found = await store.logins.find(['key 1', 'key 2', 'key 14', 'key 15', 'new']);
    expect(found.map((failures) => failures !== undefined)).toEqual([true, false, false, true, true]);
  });

  test('a thousand collections are remembered', async () => {
    await using both = await openStoreAndSession();
    const { store, run } = both;
    const begin = (id: string) => store.gc.startRun({ ...change, id, reconcile: false, trigger: 'api' });
    await begin('first');
    await run(`INSERT INTO gc_runs (id, reconcile, trigger, state, started_at, blobs_removed, bytes_freed, uploads_removed, examined,
      orphans_removed, missing_files) SELECT 'run ' || i, false, 'api', 'completed', 0, 0, 0, 0, 0, 0, 0 FROM generate_series(2, 1000) i`);
    await begin('last');
    const remembered = (await store.gc.listRuns({ limit: 2_000 })).map(({ id }) => id);
    expect(remembered).toHaveLength(1_000);
    expect(remembered).toContain('last');
    expect(remembered).not.toContain('first');
  });

  test('changes are remembered for an hour', async () => {
    await using both = await openStoreAndSession();
    const { store, run } = both;
    const moments = [Date.now() - 2 * hour, Date.now()];
    for (const at of moments) {
      await run(`INSERT INTO changes (id, at) SELECT gen_random_uuid(), $1 FROM generate_series(1, 200)`, [at]);
    }
    for (let n = 0; n < 64; n += 1) await store.policy.createRule({ ...change, rule: rule(), changeId: randomUUID() });
    expect(await run('SELECT count(*) FROM changes WHERE at <= $1', [moments[0]])).toEqual([{ count: '0' }]);
    expect(await run('SELECT count(*) FROM changes WHERE at = $1', [moments[1]])).toEqual([{ count: '200' }]);
  });

  test('a revoked token is forgotten once it has expired', async () => {
    await using both = await openStoreAndSession();
    const { store, run } = both;
    await run(`INSERT INTO revoked_tokens SELECT 'token ' || n, $1 FROM generate_series(1, 150) n`, [start]);
    for (const tokenId of ['a', 'b'])
      await store.accounts.revokeToken({ tokenId, expiresAt: start + hour, now: start });
    expect(await run('SELECT token_id FROM revoked_tokens ORDER BY 1')).toEqual([{ token_id: 'a' }, { token_id: 'b' }]);
  });
});
