import { parseTag } from '@mcr/core';
import { expect, test } from 'vitest';
import type { MetadataStore } from '../../metadata-store.ts';
import { app, change, day, other, push, start } from '../../testing/fixtures.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { SqliteMetadataStore } from '../sqlite-metadata-store.ts';

const directory = useTemporaryDirectory();
const filter = { match: 'pr-*' } as const;
const images = { ...filter, order: 'newest_version', tagsPerImage: 10, limit: 1 } as const;

/** A store with tags in two repositories, and the walks through tags since the last look. */
async function open() {
  const statements: string[] = [];
  const path = directory.file('mcr.db');
  const store = await SqliteMetadataStore.open({ path, onStatement: (statement) => statements.push(statement) });
  await push(store, app, 'one', { tags: [parseTag('pr-1'), parseTag('main')] });
  await push(store, app, 'two', { tags: [parseTag('pr-2')] });
  await push(store, other, 'one', { tags: [parseTag('pr-9')] });
  const walks = () => statements.splice(0).filter((it) => /FROM tags t[^;]*GLOB[^;]*LIMIT \+?1001/.test(it)).length;
  walks();
  return { store, walks };
}

const count = (store: MetadataStore, repository = app) => store.tags.count(repository, { ...filter, limit: 1_001 });
const namesOf = async (store: MetadataStore, after = '') =>
  (await store.tags.listDetails(app, { ...images, after })).map(({ name }) => name);

test('the count of a list and each of its pages take one walk through the tags', async () => {
  const { store, walks } = await open();
  expect(await count(store)).toBe(2);
  expect(await namesOf(store)).toEqual(['pr-2']);
  expect(await namesOf(store, 'pr-2')).toEqual(['pr-1']);
  expect(walks()).toBe(1);
  expect([await count(store, other), walks()]).toEqual([1, 1]);
  await store.close();
});

test('a walk is forgotten when tags change, also by another process', async () => {
  const { store, walks } = await open();
  expect(await count(store)).toBe(2);
  await push(store, app, 'three', { tags: [parseTag('pr-3')] });
  expect([await count(store), await namesOf(store)]).toEqual([3, ['pr-3']]);
  await store.tags.delete({ ...change, repository: app, tag: parseTag('pr-3'), reviewAfter: start + day });
  expect([await count(store), await namesOf(store)]).toEqual([2, ['pr-2']]);
  await using second = await secondStore();
  await push(second.store, app, 'four', { tags: [parseTag('pr-4')] });
  expect([await count(store), await namesOf(store)]).toEqual([3, ['pr-4']]);
  expect(walks()).toBe(4);
  await store.close();
});

async function secondStore() {
  const store = await SqliteMetadataStore.open({ path: directory.file('mcr.db') });
  return { store, [Symbol.asyncDispose]: () => store.close() };
}
