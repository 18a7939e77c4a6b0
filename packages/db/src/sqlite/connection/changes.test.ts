import type { Clock } from '@mcr/core';
import { expect, test } from 'vitest';
import { change, hour, rule, start } from '../../testing/fixtures.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { SqliteMetadataStore } from '../sqlite-metadata-store.ts';
import { openConnection } from './open-connection.ts';

const directory = useTemporaryDirectory();

async function open(clock: Clock) {
  const path = directory.file('mcr.db');
  const store = await SqliteMetadataStore.open({ path, clock });
  const { sqlite } = openConnection({ path });
  const create = (changeId: string) => store.policy.createRule({ ...change, rule: rule(), changeId });
  const count = () => sqlite.prepare('SELECT count(*) FROM changes').pluck().get();
  const close = async () => {
    sqlite.close();
    await store.close();
  };
  return { store, sqlite, create, count, [Symbol.asyncDispose]: close };
}

test('changes are forgotten after an hour, by the clock of the store, more of them than are made', async () => {
  let now = start;
  await using at = await open({ now: () => now });
  for (let n = 0; n < 10; n += 1) await at.create(`old ${n}`);
  now += hour;
  await at.create('an hour later');
  expect(at.count()).toBe(11);
  now += 1;
  for (const id of ['a', 'b', 'c']) await at.create(id);
  expect(at.count()).toBe(4);
  const { id } = await at.create('a');
  expect((await at.create('old 1')).id).toBeGreaterThan(id);
});

test('no more than 100,000 changes are kept', async () => {
  await using at = await open({ now: () => start });
  at.sqlite
    .prepare(`INSERT INTO changes (seq, id, result, at)
      WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100003) SELECT n, 'id ' || n, NULL, ? FROM n`)
    .run(start);
  await at.create('new');
  expect(at.count()).toBe(100_000);
});

test('a change without an id leaves no row', async () => {
  await using at = await open({ now: () => start });
  await at.store.policy.createRule({ ...change, rule: rule() });
  expect(at.count()).toBe(0);
});
