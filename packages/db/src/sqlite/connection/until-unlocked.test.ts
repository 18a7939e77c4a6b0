import { expect, test } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { SqliteMetadataStore } from '../sqlite-metadata-store.ts';
import { openConnection } from './open-connection.ts';

const directory = useTemporaryDirectory();

test('a change waits for the lock of another connection, while reads go on', async () => {
  const path = directory.file('mcr.db');
  const store = await SqliteMetadataStore.open({ path });
  // A connection of its own holds locks like one of another process.
  const { sqlite: other } = openConnection({ path });
  other.exec('BEGIN IMMEDIATE');
  const change = store.accounts.revokeToken({ tokenId: 'x', expiresAt: 1, now: 0 });
  const reads = store.ping().then(() => store.accounts.isTokenRevoked('x'));
  expect(await Promise.race([change.then(() => 'changed'), reads])).toBe(false);
  other.exec('COMMIT');
  await change;
  expect(await store.accounts.isTokenRevoked('x')).toBe(true);
  other.close();
  await store.close();
});
