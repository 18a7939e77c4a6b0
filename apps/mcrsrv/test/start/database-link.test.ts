import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createOciClient, type TempDirectory, tempDirectory } from '@mcr/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mcrsrv } from '../_util/cli.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';

let directory: TempDirectory;
let data: string;

beforeEach(async () => {
  directory = await tempDirectory();
  data = join(directory.path, 'data');
  await mkdir(data);
});
afterEach(() => directory[Symbol.asyncDispose]());

const start = (): Promise<TestServer> => startTestServer({ directory: directory.path });
const database = () => join(directory.path, 'mcr.db');
const link = () => symlink('data/real.db', database());
const databaseFiles = async () => (await readdir(data)).toSorted();

test('a registry whose database.path is a link to nothing yet keeps everything where the link points', async () => {
  await link();
  await using server = await start();
  expect((await server.admin.request('POST', '/v1/snapshots')).status).toBe(201);
  expect(await databaseFiles()).toEqual(['real.db', 'real.db-shm', 'real.db-wal', 'signing-key.pem', 'snapshots']);
  for (const name of ['signing-key.pem', 'snapshots', 'mcr.db-wal']) {
    expect(existsSync(join(directory.path, name)), name).toBe(false);
  }
});

test('a registry that an older version ran behind a link keeps its logins and finds its snapshots', async () => {
  const first = await start();
  const { token } = await first.admin.token();
  expect((await first.admin.request('POST', '/v1/snapshots')).status).toBe(201);
  await first[Symbol.asyncDispose]();
  // The key and the snapshots lay beside the link, and so did a log that was never written.
  await rename(database(), join(data, 'real.db'));
  await link();
  await writeFile(`${database()}-wal`, '');

  await using server = await start();
  await using client = createOciClient({ baseUrl: server.baseUrl, ca: server.ca });
  const response = await client.request('GET', '/v1/snapshots', { headers: { authorization: `Bearer ${token}` } });
  expect(response.json().snapshots).toHaveLength(1);
  expect(await databaseFiles()).toEqual(['real.db', 'real.db-shm', 'real.db-wal']);
});

test('commands on the database follow the link, and restore replaces what it points to', async () => {
  await link();
  const server = await start();
  await server[Symbol.asyncDispose]();
  const config = ['--config', join(directory.path, 'mcr.toml')];
  const copy = join(directory.path, 'copy.db');
  for (const command of [
    ['check'],
    ['account', 'list'],
    ['fsck', '--deep'],
    ['snapshot', '--to', copy],
    ['restore', copy],
  ]) {
    expect(await mcrsrv([...command, ...config]), command.join(' ')).toMatchObject({ code: 0 });
  }
  expect((await databaseFiles()).filter((name) => name.startsWith('real.db'))).toEqual([
    'real.db',
    expect.stringMatching(/^real\.db\.before-restore-/),
  ]);
  expect((await readdir(directory.path)).filter((name) => name.startsWith('mcr.db'))).toEqual(['mcr.db']);
});

test('mcrsrv check looks where a link points, also when there is nothing yet', async () => {
  await (await start())[Symbol.asyncDispose]();
  await rm(database());
  await symlink('missing/real.db', database());
  const { code, stderr } = await mcrsrv(['check', '--config', join(directory.path, 'mcr.toml')]);
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('database.path') });
  expect(stderr).toContain('missing');
});
