import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { change } from '../../testing/fixtures.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { SqliteMetadataStore } from '../sqlite-metadata-store.ts';

const directory = useTemporaryDirectory();

test('a thousand collections are remembered', async () => {
  const path = directory.file('mcr.db');
  const store = await SqliteMetadataStore.open({ path });
  const begin = (id: string) => store.gc.startRun({ ...change, id, reconcile: false, trigger: 'api' });
  await begin('first');
  const sqlite = new Sqlite(path);
  sqlite.exec(`
    WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
    INSERT INTO gc_runs (id, reconcile, trigger, state, started_at, blobs_removed, bytes_freed, uploads_removed, examined,
      orphans_removed, missing_files) SELECT 'run ' || i, 0, 'api', 'completed', 0, 0, 0, 0, 0, 0, 0 FROM n`);
  sqlite.close();
  const ids = async () => (await store.gc.listRuns({ limit: 2_000 })).map(({ id }) => id);
  expect(await ids()).toHaveLength(1_000);

  const last = await begin('last');
  expect(await begin('last')).toEqual(last);
  const remembered = await ids();
  expect(remembered).toHaveLength(1_000);
  expect(remembered).toContain('last');
  expect(remembered).not.toContain('first');
  await store.close();
});
