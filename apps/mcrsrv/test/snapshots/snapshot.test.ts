import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseReference, type RepositoryName } from '@mcr/core';
import { SqliteMetadataStore } from '@mcr/db';
import { buildImage, pushImage, runOk, type TempDirectory, type TestImage, tempDirectory } from '@mcr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mcrsrv } from '../_util/cli.ts';
import { pollOptions } from '../_util/poll-options.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';

const name = 'backed/up' as RepositoryName;
let directory: TempDirectory;
let server: TestServer;
let config: string;

beforeAll(async () => {
  directory = await tempDirectory();
  server = await startTestServer({ directory: directory.path });
  config = join(directory.path, 'mcr.toml');
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await directory[Symbol.asyncDispose]();
});

/** Pushes images one after the other until it is told to stop; remembers those that were acknowledged. */
function pushOn(prefix: string) {
  const acknowledged: TestImage[] = [];
  const stop = new AbortController();
  const done = (async () => {
    for (let at = 0; !stop.signal.aborted; at += 1) {
      const image = await buildImage({ layers: [{ size: 100, seed: `${prefix}-${at}` }] });
      expect((await pushImage(server.admin, name, `${prefix}-${at}`, image)).status).toBe(201);
      acknowledged.push(image);
    }
  })();
  return {
    acknowledged,
    stop: async () => {
      stop.abort();
      await done;
    },
  };
}

/** The copy is whole, for its owner alone, and has every manifest of `images` with all of its blobs. */
async function expectCopy(path: string, images: readonly TestImage[]): Promise<void> {
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const check = `console.log(new (require('node:sqlite').DatabaseSync)(process.argv[1]).prepare('PRAGMA integrity_check').get().integrity_check)`;
  expect(await runOk(process.execPath, ['--eval', check, path])).toBe('ok\n');
  await using cleanup = new AsyncDisposableStack();
  const copy = await SqliteMetadataStore.open({ path });
  cleanup.defer(() => copy.close());
  for (const { manifest, blobs } of images) {
    const found = await copy.manifests.get(name, parseReference(manifest.digest));
    expect(Buffer.from(found.content).equals(manifest.bytes)).toBe(true);
    for (const { digest } of blobs) {
      expect(await copy.blobs.find(name, digest, Number.MAX_SAFE_INTEGER)).toMatchObject({ digest });
    }
  }
}

test('mcrsrv snapshot, as a process beside the registry, while pushes go on', async () => {
  const pushing = pushOn('cli');
  await expect.poll(() => pushing.acknowledged.length, pollOptions).toBeGreaterThan(3);
  const before = [...pushing.acknowledged];
  const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts');
  const printed = await runOk(process.execPath, [main, 'snapshot', '--config', config]);
  await pushing.stop();

  const [path = '', size] = printed.trimEnd().split('\t');
  expect(path).toMatch(/\/snapshots\/mcr-[0-9TZ-]+\.db$/);
  expect((await stat(path)).size).toBe(Number(size));
  expect((await stat(join(directory.path, 'snapshots'))).mode & 0o777).toBe(0o700);
  await expectCopy(path, before);
  expect((await server.audit('snapshot_created'))[0]).toMatchObject({ actor: { name: 'mcrsrv' } });
});

test('a snapshot by the running registry itself, while pushes go on', async () => {
  const pushing = pushOn('rest');
  await expect.poll(() => pushing.acknowledged.length, pollOptions).toBeGreaterThan(3);
  const before = [...pushing.acknowledged];
  const response = await server.admin.request('POST', '/v1/snapshots');
  await pushing.stop();
  expect(response.status, response.text()).toBe(201);
  await expectCopy(join(directory.path, 'snapshots', response.json().name), before);
  expect((await server.audit('snapshot_created'))[0]).toMatchObject({ actor: { name: 'admin', ip: '127.0.0.1' } });
});

test('mcrsrv snapshot --to writes where it is told, and nowhere else', async () => {
  const path = join(directory.path, 'elsewhere', 'copy.db');
  const before = await readdir(join(directory.path, 'snapshots'));
  expect(await mcrsrv(['snapshot', '--config', config, '--to', path])).toMatchObject({ code: 0, stderr: '' });
  await expectCopy(path, []);
  expect(await readdir(join(directory.path, 'snapshots'))).toEqual(before);
});

test('mcrsrv snapshot --to never overwrites', async () => {
  const path = join(directory.path, 'mcr.db');
  const { code, stdout, stderr } = await mcrsrv(['snapshot', '--config', config, '--to', path]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/exists already/);
  expect((await server.admin.tags(name)).status).toBe(200);
});
