import { writeFile } from 'node:fs/promises';
import { digestOf } from '@mcr/core';
import { afterEach, expect, test } from 'vitest';
import { app, change, latest, publish, push } from '../testing/fixtures.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { openConnection } from './connection/open-connection.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { readBlobStore } from './read-blob-store.ts';
import { SqliteMetadataStore } from './sqlite-metadata-store.ts';

const directory = useTemporaryDirectory();
const path = () => directory.file('mcr.db');
let store: SqliteMetadataStore | undefined;
afterEach(async () => {
  await store?.close();
  store = undefined;
});

test('reads id and blobs of a database that is in use, in order of locator', async () => {
  store = await SqliteMetadataStore.open({ path: path() });
  expect(readBlobStore(path(), 10)).toEqual({ id: undefined, blobs: [] });
  await store.coordination.setBlobStoreId('the id');
  const records = await Promise.all(['a', 'b', 'c'].map((text) => publish(store!, app, text)));
  const [first, ...others] = records
    .map(({ locator, size }) => ({ locator, size }))
    .toSorted((a, b) => (a.locator < b.locator ? -1 : 1));
  const { digest, locator } = records.find((record) => record.locator === first!.locator)!;
  await store.blobs.quarantine({ ...change, digest, locator, damage: 'missing' });
  expect(readBlobStore(path(), 10)).toEqual({ id: 'the id', blobs: [{ ...first, damage: 'missing' }, ...others] });
  expect(readBlobStore(path(), 2).blobs).toHaveLength(2);
});

test.each([0, 1, 4, 5, 6, 7])('reads a database of schema %i, and leaves it as it is', async (version) => {
  const connection = openConnection({ path: path() });
  await migrate(connection, migrations.slice(0, version));
  if (version > 0)
    connection.sqlite.exec("INSERT INTO blobs (digest, size, locator, created_at) VALUES ('d', 7, 'l', 1)");
  await connection.close();
  const blobs = version > 0 ? [{ locator: 'l', size: 7 }] : [];
  expect(readBlobStore(path(), 10)).toEqual({ id: undefined, blobs });
  expect(readBlobStore(path(), 10)).toEqual({ id: undefined, blobs });
});

test('what is no database is an error', async () => {
  await writeFile(path(), 'no database '.repeat(1_000));
  expect(() => readBlobStore(path(), 10)).toThrow(/mcr\.db" cannot be read/);
});

test('a database of schema 6 is brought up to date, with no id, and its manifests in service', async () => {
  const connection = openConnection({ path: path() });
  await migrate(connection, migrations.slice(0, 6));
  const content = Buffer.from('image');
  connection.sqlite.prepare("INSERT INTO repositories (id, name, created_at) VALUES (1, 'team/app', 1)").run();
  connection.sqlite
    .prepare(
      "INSERT INTO manifests (id, repository_id, digest, media_type, size, created_at, content) VALUES (1, 1, ?, 'm', 5, 1, ?)",
    )
    .run(digestOf(content), content);
  connection.sqlite.prepare("INSERT INTO tags VALUES (1, 'latest', 1, 1)").run();
  await connection.close();

  store = await SqliteMetadataStore.open({ path: path() });
  expect(await store.coordination.blobStoreId()).toBeUndefined();
  expect(Buffer.from((await store.manifests.get(app, { kind: 'tag', tag: latest })).content)).toEqual(content);
  expect(await store.manifests.countQuarantined()).toBe(0);
  await push(store, app, 'image', { tags: [latest] });
});
