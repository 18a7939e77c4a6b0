import { type Digest, digestOf } from '@mcr/core';
import { expect, test } from 'vitest';
import { app, change, day, hour, publish, push, start } from '../../testing/fixtures.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { SqliteMetadataStore } from '../sqlite-metadata-store.ts';

const directory = useTemporaryDirectory();

/** A store with a blob that is leased for an hour, and how often the database is asked for it. */
async function open() {
  const statements: string[] = [];
  const path = directory.file('mcr.db');
  const store = await SqliteMetadataStore.open({ path, onStatement: (statement) => statements.push(statement) });
  const { digest } = await publish(store, app, 'layer');
  const find = async (now = start, of: Digest = digest) => {
    statements.length = 0;
    const found = await store.blobs.find(app, of, now);
    return { isFound: found !== undefined, asked: statements.filter((text) => text.startsWith('select')).length };
  };
  return { store, digest, find };
}

test('a blob is found without the database until something is committed', async () => {
  const { store, find } = await open();
  expect(await find()).toEqual({ isFound: true, asked: 1 });
  expect(await find(start + 1)).toEqual({ isFound: true, asked: 0 });
  await store.audit.append([{ type: 'login', at: start, actor: {}, details: {} }]);
  expect(await find()).toEqual({ isFound: true, asked: 1 });
  expect(await find()).toEqual({ isFound: true, asked: 0 });
  await store.close();
});

test('a blob that is in quarantine, or gone, is not found from then on', async () => {
  const { store, digest, find } = await open();
  await find();
  const { locator } = (await store.blobs.findByDigest(digest))!;
  await store.blobs.quarantine({ ...change, digest, locator, damage: 'missing' });
  expect(await find()).toMatchObject({ isFound: false });
  await store.blobs.release({ ...change, digest, locator });
  expect(await find()).toMatchObject({ isFound: true });
  await store.blobs.delete({ ...change, repository: app, digest, reviewAfter: start });
  expect(await find()).toMatchObject({ isFound: false });
  await store.close();
});

test('a blob whose lease ends meanwhile is found only if a manifest references it', async () => {
  const { store, digest, find } = await open();
  const later = start + 2 * day;
  expect(await find(start + hour - 1)).toEqual({ isFound: true, asked: 1 });
  expect(await find(later)).toMatchObject({ isFound: false });
  await push(store, app, 'image', { blobs: [digest] });
  expect(await find()).toMatchObject({ isFound: true });
  expect(await find(later)).toMatchObject({ isFound: true });
  await store.close();
});

test('a blob that was not there is found once it is', async () => {
  const { store, find } = await open();
  expect(await find(start, digestOf('later'))).toMatchObject({ isFound: false });
  await publish(store, app, 'later');
  expect(await find(start, digestOf('later'))).toMatchObject({ isFound: true });
  await store.close();
});
