import { copyFile, open, readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { digestOf } from '@mcr/core';
import { expect, test } from 'vitest';
import type { MetadataStore } from '../../metadata-store.ts';
import { app, publish, push } from '../../testing/fixtures.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { verifyCopy } from '../connection/verify-copy.ts';
import { SqliteMetadataStore } from '../sqlite-metadata-store.ts';

const directory = useTemporaryDirectory();
const path = () => directory.file('mcr.db');
const destination = () => directory.file('snapshot.db');

/** A store of more pages than one step of a snapshot copies. */
async function openFilled(): Promise<MetadataStore> {
  const store = await SqliteMetadataStore.open({ path: path() });
  await push(store, app, 'x'.repeat(4_000_000));
  return store;
}

test('a snapshot is one file that opens as a store with everything in it', async () => {
  const store = await openFilled();
  await store.snapshot(destination());
  await store.close();
  expect((await readdir(dirname(path()))).toSorted()).toEqual(['mcr.db', 'snapshot.db']);
  const copy = await SqliteMetadataStore.open({ path: destination() });
  const reference = { kind: 'digest', digest: digestOf('x'.repeat(4_000_000)) } as const;
  expect((await copy.manifests.get(app, reference)).content.byteLength).toBe(4_000_000);
  await copy.close();
});

test('operations go on while a snapshot is taken, and it is consistent all the same', async () => {
  const store = await openFilled();
  const progress = { done: false };
  const snapshot = store.snapshot(destination()).finally(() => {
    progress.done = true;
  });
  let pushed = 0;
  while (!progress.done) {
    const { digest } = await publish(store, app, `layer ${pushed}`);
    await push(store, app, `manifest ${pushed}`, { blobs: [digest] });
    pushed += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await snapshot;
  await store.close();
  expect(pushed).toBeGreaterThan(1);
  await verifyCopy(destination());
});

test('a snapshot comes to its end although another process writes without a pause', async () => {
  const store = await openFilled();
  const other = await SqliteMetadataStore.open({ path: path() });
  const progress = { done: false };
  const snapshot = store.snapshot(destination()).finally(() => {
    progress.done = true;
  });
  let pushed = 0;
  // Far more writes than there are steps: a copy that begins anew after each of them would not be done by then.
  for (; !progress.done && pushed < 300; pushed += 1) {
    const { digest } = await publish(other, app, `layer ${pushed}`);
    await push(other, app, `manifest ${pushed}`, { blobs: [digest] });
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(pushed).toBeLessThan(300);
  await snapshot;
  await verifyCopy(destination());
  for (const open of [store, other]) await open.close();
});

test('closing the store breaks a snapshot off and leaves no part of it behind', async () => {
  const store = await openFilled();
  const snapshot = store.snapshot(destination());
  const outcome = expect(snapshot).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  while ((await readdir(dirname(path()))).every((name) => !name.endsWith('.partial'))) await Promise.resolve();
  await store.close();
  await outcome;
  expect(await readdir(dirname(path()))).toEqual(['mcr.db']);
});

test('a damaged copy is found out', async () => {
  const store = await openFilled();
  await store.close();
  await copyFile(path(), destination());
  await verifyCopy(destination());
  const file = await open(destination(), 'r+');
  for (let page = 1; page < 40; page += 1) await file.write(Buffer.alloc(2048, 0xa5), 0, 2048, page * 4096);
  await file.close();
  await expect(verifyCopy(destination())).rejects.toThrow(/The copy of the database (is damaged|cannot be read)/);
});
