import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { digestOf, parseTag } from '@mcr/core';
import { expect, test } from 'vitest';
import { app } from '../testing/fixtures.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { SqliteMetadataStore } from './sqlite-metadata-store.ts';
import { StoreProcess } from './testing/store-process.ts';

const directory = useTemporaryDirectory();
const path = () => directory.file('mcr.db');

async function start(...names: string[]): Promise<AsyncDisposableStack & { processes: readonly StoreProcess[] }> {
  const stack = new AsyncDisposableStack();
  const processes = await StoreProcess.start(path(), names);
  for (const process of processes) stack.use(process);
  return Object.assign(stack, { processes });
}

test('processes start together on no database, and what each has acknowledged is there, whichever are killed', async () => {
  await using first = await start('a', 'b', 'c');
  await Promise.all(first.processes.map((process) => process.open()));
  // Another process' empty table of migrations is nothing to keep a copy of.
  expect((await readdir(dirname(path()))).filter((name) => name.includes('before'))).toEqual([]);
  const [a, b, c] = first.processes as [StoreProcess, StoreProcess, StoreProcess];
  const store = await SqliteMetadataStore.open({ path: path() });
  await Promise.all([a.push(10), b.push(6).then(() => b.kill()), c.push(4)]);
  const snapshot = store.snapshot(directory.file('snapshot.db'));
  await using second = await start('d');
  const [d] = second.processes as [StoreProcess];
  await Promise.all([d.open().then(() => d.push(5)), c.push(5), snapshot]);
  // No process is left that has the database open: the next one recovers the log.
  await store.close();
  await Promise.all([a.kill(), c.kill(), d.kill()]);

  const after = await SqliteMetadataStore.open({ path: path() });
  const images = [a, b, c, d].flatMap((process) => process.images);
  expect(images.length).toBeGreaterThan(25);
  for (const image of images) {
    const tag = parseTag(image.replace(' ', '-'));
    const { digest } = await after.manifests.stat(app, { kind: 'tag', tag });
    expect(digest).toBe(digestOf(Buffer.from(image.padEnd(240_000))));
    expect(await after.blobs.find(app, digestOf(image), 0)).toBeDefined();
  }
  const { manifests, blobs } = await after.statistics();
  for (const [type, count] of [
    ['manifest_pushed', manifests],
    ['blob_uploaded', blobs],
  ] as const) {
    expect(await after.audit.list({ type, limit: 10_000 })).toHaveLength(count);
  }
  await after.close();
}, 120_000);
