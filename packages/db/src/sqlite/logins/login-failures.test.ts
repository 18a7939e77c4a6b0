import { expect, test } from 'vitest';
import { start } from '../../testing/fixtures.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { openConnection } from '../connection/open-connection.ts';
import { SqliteMetadataStore } from '../sqlite-metadata-store.ts';

const directory = useTemporaryDirectory();

test('a flood of names and addresses takes 150,000 rows, and then the place of those that failed longest ago', async () => {
  const path = directory.file('mcr.db');
  const store = await SqliteMetadataStore.open({ path });
  const other = openConnection({ path });
  other.sqlite
    .prepare(`INSERT INTO login_failures (seq, key, level, at)
      WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 150010) SELECT n, 'key ' || n, 1, ? FROM n`)
    .run(start);
  const count = (key: string) => {
    const others = [{ key: `account of ${key}`, leakMs: 1 }];
    return store.logins.count({ key, before: key.startsWith('key') ? 1 : 0, after: 1, others, now: start });
  };
  // The one that failed longest ago fails again.
  for (const key of ['key 1', 'new']) await count(key);
  expect(other.sqlite.prepare('SELECT count(*) FROM login_failures').pluck().get()).toBe(150_000);
  const found = await store.logins.find(['key 1', 'key 2', 'key 14', 'key 15', 'new']);
  expect(found.map((failures) => failures !== undefined)).toEqual([true, false, false, true, true]);
  await other.close();
  await store.close();
});
