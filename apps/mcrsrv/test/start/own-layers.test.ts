import { randomUUID } from 'node:crypto';
import { copyFile, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { blobFile, buildImage, pushImage, type TempDirectory, type TestImage, tempDirectory } from '@mcr/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mcrsrv } from '../_util/cli.ts';
import { expectBodyless, expectError } from '../_util/errors.ts';
import { logOf } from '../_util/log.ts';
import { sqlFromOutside } from '../_util/outside.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';

let directory: TempDirectory;
let image: TestImage;
let layers: string;
let away: string;
let config: readonly string[];

beforeEach(async () => {
  directory = await tempDirectory();
  layers = join(directory.path, 'layers');
  away = join(directory.path, 'away');
  config = ['--config', join(directory.path, 'mcr.toml')];
  image = await buildImage({ layers: [1, 2, 3].map((at) => ({ size: 500, seed: `layer ${at}` })) });
  await using server = await start();
  expect(await pushImage(server.admin, 'app', 'latest', image)).toMatchObject({ status: 201 });
});
afterEach(() => directory[Symbol.asyncDispose]());

const start = (): Promise<TestServer> => startTestServer({ directory: directory.path });
const sql = (text: string) => sqlFromOutside({ directory: directory.path }, text);
const marker = () => join(layers, '.store-id');

/** As before ids: neither database nor layers have one. */
async function forgetIds(): Promise<void> {
  await sql("DROP TABLE blob_store; DELETE FROM schema_migrations WHERE name = 'blob-store-id'");
  await rm(marker());
}

async function expectAllThere(server: TestServer): Promise<void> {
  for (const { digest } of image.blobs) expect((await server.admin.hashBlob('app', digest)).digest).toBe(digest);
  expect(await server.context.services.store.blobs.countQuarantined()).toBe(0);
}

/** The layers of another registry, in the place of these. */
async function layOther(): Promise<void> {
  await using other = await tempDirectory();
  await using server = await startTestServer({ directory: other.path });
  await pushImage(server.admin, 'other', 'latest', await buildImage({ layers: [{ size: 500, seed: 'other' }] }));
  await cp(join(other.path, 'layers'), layers, { recursive: true, filter: (path) => !path.endsWith('.owner') });
}

/** What may lie where the layers of a database were. */
const foreign: Record<string, { lay: () => Promise<unknown>; reason: RegExp }> = {
  'an empty directory': {
    lay: () => mkdir(layers),
    reason: /of 4 blobs that it should have it has 0|no directory of blobs/,
  },
  nothing: { lay: async () => {}, reason: /of 4 blobs that it should have it has 0|no directory of blobs/ },
  'the layers of another registry': {
    lay: layOther,
    reason: /it has the id [-0-9a-f]{36}, and the database knows [-0-9a-f]{36}/,
  },
  'the layers of another registry, without an id': {
    lay: async () => {
      await layOther();
      await rm(marker());
    },
    reason: /of 4 blobs that it should have it has 0/,
  },
};

describe.each(Object.entries(foreign))('with %s in the place of the layers', (_, { lay, reason }) => {
  test.each(['', ' for the first time since an upgrade'])(
    'no server starts%s, and nothing is taken out of service',
    async (since) => {
      if (since !== '') await forgetIds();
      await rename(layers, away);
      await lay();
      const failure = await start().then(
        () => 'started',
        (error: unknown) => String(error),
      );
      expect(failure).toMatch(
        /^StartError: storage\.layers_path: ".*\/layers" is not the directory of this database: /,
      );
      if (since === '') expect(failure).toMatch(reason);
      expect(failure).toMatch(
        /; mount its disk, correct the path, or restore the layers; if this is meant, run mcrsrv adopt$/,
      );

      await rm(layers, { recursive: true, force: true });
      await rename(away, layers);
      await using server = await start();
      await expectAllThere(server);
    },
  );

  test('mcrsrv check and fsck say what a start would, and restore warns', async () => {
    const snapshot = join(directory.path, 'copy.db');
    expect(await mcrsrv(['snapshot', ...config, '--to', snapshot])).toMatchObject({ code: 0 });
    await rename(layers, away);
    await lay();
    const checked = await mcrsrv(['check', ...config]);
    expect(checked).toMatchObject({ code: 1, stdout: '' });
    expect(checked.stderr).toMatch(/storage\.layers_path: .*mount its disk/);
    expect(checked.stderr).toMatch(reason);
    const examined = await mcrsrv(['fsck', ...config]);
    expect(examined).toMatchObject({ code: 2, stdout: '' });
    expect(examined.stderr).toMatch(/mount its disk/);

    const restored = await mcrsrv(['restore', snapshot, ...config]);
    expect(restored).toMatchObject({ code: 0 });
    expect(restored.stderr).toMatch(/Before you start the server: storage\.layers_path: /);
    await rm(layers, { recursive: true, force: true });
    await rename(away, layers);
    await using server = await start();
    await expectAllThere(server);
  });
});

/** What operators do to layers and databases, after which both still belong together. */
const own: Record<string, () => Promise<unknown>> = {
  'nothing was done': async () => {},
  'the layers were copied whole': async () => {
    await rename(layers, `${layers}.old`);
    await cp(`${layers}.old`, layers, { recursive: true });
  },
  'the layers were copied without hidden files': async () => {
    await rename(layers, `${layers}.old`);
    await cp(`${layers}.old`, layers, { recursive: true, filter: (path) => !/\/\.[^/]*$/.test(path) });
  },
  'both are of the version before ids': forgetIds,
  'both are of the version before ids, and half of the blobs are damaged': async () => {
    await forgetIds();
    for (const { digest } of image.blobs.slice(0, 2)) await rm(fileOf(digest));
  },
  'the database is of the version before ids, the layers are newer': () =>
    sql("DROP TABLE blob_store; DELETE FROM schema_migrations WHERE name = 'blob-store-id'"),
  'a crash came between the two ids': () => sql('DELETE FROM blob_store'),
};

const fileOf = (digest: string) => blobFile(directory.path, digest);

test.each(Object.entries(own))('a server starts when %s', async (what, prepare) => {
  await prepare();
  const checked = await mcrsrv(['check', ...config]);
  expect(checked).toMatchObject({ code: 0, stdout: 'ok\n' });
  {
    await using server = await start();
    if (!what.endsWith('damaged')) await expectAllThere(server);
    expect((await readFile(marker(), 'utf8')).trim()).toBe(
      await server.context.services.store.coordination.blobStoreId(),
    );
    expect((await server.admin.request('GET', '/v1/ready')).status).toBe(200);
  }
  await rename(layers, away);
  await expect(start()).rejects.toThrow(/storage\.layers_path/);
});

test('a snapshot is restored beside layers that went on living', async () => {
  const snapshot = join(directory.path, 'copy.db');
  expect(await mcrsrv(['snapshot', ...config, '--to', snapshot])).toMatchObject({ code: 0 });
  {
    await using server = await start();
    await pushImage(server.admin, 'app', 'later', await buildImage({ layers: [{ size: 500, seed: 'later' }] }));
  }
  expect(await mcrsrv(['restore', snapshot, ...config])).toMatchObject({ code: 0 });
  await using server = await start();
  await expectAllThere(server);
});

test('mcrsrv init marks the layers, so that not even an empty registry starts without its disk', async () => {
  const fresh = join(directory.path, 'fresh');
  expect(await mcrsrv(['init', '--dir', fresh])).toMatchObject({ code: 0 });
  expect(await readdir(join(fresh, 'layers'))).toContain('.store-id');
  await rm(join(fresh, 'layers'), { recursive: true });
  await expect(startTestServer({ directory: fresh })).rejects.toThrow(/it lacks the id that the database knows/);
});

describe('mcrsrv adopt', () => {
  test('is rejected while a server runs', async () => {
    await using _server = await start();
    expect(await mcrsrv(['adopt', ...config])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Another process owns/),
    });
  });

  test('takes layers with the blobs of the database, whatever their id, and is on record', async () => {
    const id = randomUUID();
    await writeFile(marker(), `${id}\n`);
    await expect(start()).rejects.toThrow(/it has the id/);
    const adopted = await mcrsrv(['adopt', ...config]);
    expect(adopted).toEqual({
      code: 0,
      stdout: `${layers}\t${id}\n`,
      stderr: 'It has 4 of 4 blobs that were looked for\n',
    });
    await using server = await start();
    await expectAllThere(server);
    expect(await server.audit('layers_adopted')).toMatchObject([{ actor: { name: 'mcrsrv' }, details: { id } }]);
  });

  test('takes layers without them only when it is told twice', async () => {
    await rename(layers, away);
    const rejected = await mcrsrv(['adopt', ...config]);
    expect(rejected).toMatchObject({ code: 1, stdout: '' });
    expect(rejected.stderr).toMatch(
      /was not adopted: of 4 blobs that it should have it has 0; .* add --despite-mismatch/,
    );
    await expect(start()).rejects.toThrow(/storage\.layers_path/);
    expect(await mcrsrv(['adopt', ...config, '--despite-mismatch'])).toMatchObject({ code: 0 });
    await using server = await start();
    expectError(await server.admin.getBlob('app', image.config.digest), 404, 'BLOB_UNKNOWN');
  });
});

describe('layers that go away under a running server', () => {
  test.each(Object.entries(foreign))(
    'for %s: 503, nothing is taken out of service, and all goes on when they are back',
    async (_, { lay }) => {
      await using server = await start();
      await rename(layers, away);
      await lay();
      const { digest } = image.config;
      expectError(await server.admin.getBlob('app', digest), 503, 'UNAVAILABLE');
      expect((await server.admin.request('GET', '/v1/ready')).status).toBe(503);
      const other = await buildImage({ layers: [{ size: 10, seed: 'while away' }] });
      expectError(await server.admin.pushBlob('app', other.layers[0]!), 503, 'UNAVAILABLE');
      expect((await server.admin.getManifest('app', 'latest')).status).toBe(200);
      expectBodyless(await server.admin.headBlob('app', digest), 200);
      expect(logOf(server)).toContainEqual(expect.objectContaining({ msg: 'readiness check failed' }));
      expect(JSON.stringify(logOf(server))).toContain('/layers');

      await rm(layers, { recursive: true, force: true });
      await rename(away, layers);
      expect((await server.admin.request('GET', '/v1/ready')).status).toBe(200);
      await expectAllThere(server);
      expect(await pushImage(server.admin, 'app', 'other', other)).toMatchObject({ status: 201 });
    },
  );
});

test('a copy of the database file alone does not pass for its layers', async () => {
  const elsewhere = join(directory.path, 'elsewhere');
  await mkdir(elsewhere);
  await copyFile(join(directory.path, 'mcr.db'), join(elsewhere, 'mcr.db'));
  await expect(startTestServer({ directory: elsewhere })).rejects.toThrow(/storage\.layers_path/);
});
