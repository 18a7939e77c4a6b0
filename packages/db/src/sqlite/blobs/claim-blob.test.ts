import { expect, test } from 'vitest';
import { app, hour, minute, publish, start } from '../../testing/fixtures.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { SqliteMetadataStore } from '../sqlite-metadata-store.ts';

const directory = useTemporaryDirectory();

test('a claim writes when less than half of the lease is left, and otherwise only reads', async () => {
  const statements: string[] = [];
  const onStatement = (statement: string) => statements.push(statement);
  const store = await SqliteMetadataStore.open({ path: directory.file('mcr.db'), onStatement });
  const { digest } = await publish(store, app, 'layer');

  async function kindsOfStatements(now: number): Promise<string[]> {
    statements.length = 0;
    await store.blobs.claim({ repository: app, digest, leasedUntil: now + hour, now });
    return statements.map((statement) => statement.trim().split(' ')[0]?.toUpperCase() ?? '');
  }
  expect(await kindsOfStatements(start + 30 * minute)).toEqual(['SELECT']);
  expect(await kindsOfStatements(start + 31 * minute)).toEqual([
    'SELECT',
    'BEGIN',
    'SELECT',
    'INSERT',
    'UPDATE',
    'COMMIT',
  ]);
  expect(await kindsOfStatements(start + 60 * minute)).toEqual(['SELECT']);
  await store.close();
});
