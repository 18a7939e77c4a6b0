import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '@mcr/core';
import { expect, test } from 'vitest';
import { app, change, day, isIn, other, publish, push, reviewAll, start } from '../testing/fixtures.ts';
import { describeMetadataStore, describeSharedMetadataStore } from '../testing/index.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { SqliteMetadataStore } from './sqlite-metadata-store.ts';

describeMetadataStore('SqliteMetadataStore', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'mcr-db-'));
  const store = await SqliteMetadataStore.open({ path: join(directory, 'mcr.db') });
  return {
    store,
    async dispose() {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
});

describeSharedMetadataStore('Two SqliteMetadataStores on one file', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'mcr-db-'));
  const path = join(directory, 'mcr.db');
  const store = await SqliteMetadataStore.open({ path });
  const second = await SqliteMetadataStore.open({ path });
  return {
    store,
    second,
    async dispose() {
      await store.close();
      await second.close();
      await rm(directory, { recursive: true });
    },
  };
});

const directory = useTemporaryDirectory();

test('a blob deleted in one repository stays deleted there, and stays in the other, after collection and restart', async () => {
  const path = directory.file('mcr.db');
  const digest = digestOf('layer');
  const inApp = { ...change, repository: app, reviewAfter: start + day };
  const first = await SqliteMetadataStore.open({ path });
  await publish(first, app, 'layer');
  await first.blobs.mount({ ...inApp, from: app, repository: other, digest, leasedUntil: start + day });
  for (const repository of [app, other]) await push(first, repository, 'manifest', { blobs: [digest] });
  await first.blobs.delete({ ...inApp, digest });
  await reviewAll(first, start + day);
  await first.close();

  const second = await SqliteMetadataStore.open({ path });
  expect(await isIn(second, app, digest, start)).toBe(false);
  expect(await isIn(second, other, digest, start + day)).toBe(true);
  await second.close();
});
