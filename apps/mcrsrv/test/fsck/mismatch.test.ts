import { cp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type GcRun, SqliteMetadataStore } from '@mcr/db';
import { layerFiles } from '@mcr/stress';
import { buildImage, pushImage, type TempDirectory, type TestImage, tempDirectory } from '@mcr/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mcrsrv } from '../_util/cli.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';
import { fsck } from './_fsck.ts';

/** Everything is old at once. */
const env = { MCR_GC_GRACE_PERIOD: '1ms' };
let directory: TempDirectory;
let image: TestImage;
let files: readonly string[];

beforeEach(async () => {
  directory = await tempDirectory();
  image = await buildImage({ layers: [1, 2, 3].map((at) => ({ size: 500, seed: `layer ${at}` })) });
  await using server = await startTestServer({ directory: directory.path });
  await pushImage(server.admin, 'app', 'latest', image);
  files = await layerFiles(directory.path);
  expect(files).toHaveLength(4);
});
afterEach(() => directory[Symbol.asyncDispose]());

async function reconcile({ context }: TestServer): Promise<GcRun | undefined> {
  const { collector } = context.services;
  await collector.start({ reconcile: true, trigger: 'api', actor: {} });
  return await collector.finished();
}

/** As after a restore gone wrong, which an operator insists on: the database is that of a registry without anything in it. */
async function startWithEmptyDatabase(): Promise<TestServer> {
  const path = join(directory.path, 'mcr.db');
  for (const suffix of ['', '-wal', '-shm']) await rm(`${path}${suffix}`, { force: true });
  await (await SqliteMetadataStore.open({ path })).close();
  await adopt();
  return await startTestServer({ directory: directory.path, env });
}

/** As with a disk that is not mounted, which is not believed: the layers are not there, and empty ones are adopted. */
async function startWithEmptyLayers(): Promise<TestServer> {
  await rename(join(directory.path, 'layers'), join(directory.path, 'elsewhere'));
  await adopt();
  return await startTestServer({ directory: directory.path });
}

async function adopt(): Promise<void> {
  const config = join(directory.path, 'mcr.toml');
  expect(await mcrsrv(['adopt', '--config', config])).toMatchObject({ code: 1 });
  expect(await mcrsrv(['adopt', '--config', config, '--despite-mismatch'])).toMatchObject({ code: 0 });
}

async function bringLayersBack(): Promise<void> {
  const isBlob = (path: string) => !path.includes('.owner');
  await cp(join(directory.path, 'elsewhere'), join(directory.path, 'layers'), { recursive: true, filter: isBlob });
}

test('a reconcile with an empty database removes nothing, and says what to do', async () => {
  await using server = await startWithEmptyDatabase();
  expect(await reconcile(server)).toMatchObject({
    state: 'failed',
    orphansRemoved: 0,
    error: expect.stringMatching(/^The reconcile changed nothing: 4 files belong to no blob .* mcrsrv fsck --repair/),
  });
  expect(await layerFiles(directory.path)).toEqual(files);
});

test('fsck --repair with an empty database removes nothing, unless it is told that this is meant', async () => {
  await using server = await startWithEmptyDatabase();
  process.env['MCR_GC_GRACE_PERIOD'] = env.MCR_GC_GRACE_PERIOD;
  try {
    const rejected = await fsck(server, '--repair');
    expect(rejected).toMatchObject({ repaired: 0, left: 4, counts: { 'file-unknown': 4 } });
    expect(rejected.findings[0]!['repair']).toMatch(/^nothing: 4 files .* add --remove-most-files$/);
    expect(await server.context.services.store.gc.listTrash({ limit: 10 })).toEqual([]);

    expect(await fsck(server, '--repair', '--remove-most-files')).toMatchObject({ repaired: 4, left: 0 });
    expect(await reconcile(server)).toMatchObject({ state: 'completed', blobsRemoved: 4 });
    expect(await layerFiles(directory.path)).toEqual([]);
  } finally {
    delete process.env['MCR_GC_GRACE_PERIOD'];
  }
});

test('with empty layers no blob is taken out of service, and all is well when they are back', async () => {
  await using server = await startWithEmptyLayers();
  const { store } = server.context.services;
  expect(await reconcile(server)).toMatchObject({
    state: 'failed',
    error: expect.stringMatching(/4 blobs have no file of their size, and 0 do.*not mounted/),
  });
  const rejected = await fsck(server, '--repair');
  expect(rejected).toMatchObject({ repaired: 0, left: 4, counts: { 'blob-missing': 4 } });
  expect(rejected.findings[0]!['repair']).toMatch(/--quarantine-most-blobs$/);
  expect(await store.blobs.countQuarantined()).toBe(0);

  await bringLayersBack();
  expect(await fsck(server, '--deep')).toMatchObject({ clean: true });
});

test('blobs that were taken out of service come back with their files, by a reconcile or by fsck --repair', async () => {
  await using server = await startWithEmptyLayers();
  const { store } = server.context.services;
  await fsck(server, '--repair', '--quarantine-most-blobs');
  expect(await store.blobs.countQuarantined()).toBe(4);
  expect((await fsck(server)).counts).toEqual({ 'blob-quarantined': 4 });

  await bringLayersBack();
  expect((await fsck(server)).counts).toEqual({ 'blob-recovered': 4 });
  expect(await reconcile(server)).toMatchObject({ state: 'completed', missingFiles: 0 });
  expect(await store.blobs.countQuarantined()).toBe(0);
  expect(await server.audit('blob_released')).toHaveLength(4);
  for (const { digest } of image.blobs) {
    expect((await server.admin.hashBlob('app', digest)).digest).toBe(digest);
  }
});
