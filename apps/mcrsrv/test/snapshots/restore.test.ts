import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SqliteMetadataStore } from '@mcr/db';
import { buildImage, pushImage, runOk, type TempDirectory, tempDirectory } from '@mcr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mcrsrv } from '../_util/cli.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';

const repository = 'taken/back';
let directory: TempDirectory;
let config: string;
let snapshot: string;

const start = (): Promise<TestServer> => startTestServer({ directory: directory.path });
const restore = (file = snapshot) => mcrsrv(['restore', file, '--config', config]);
const files = async () => (await readdir(directory.path)).filter((name) => name.startsWith('mcr.db')).toSorted();
const inSqlite = (file: string, statement: string) =>
  runOk(process.execPath, [
    '-e',
    "new (require('node:sqlite').DatabaseSync)(process.argv[1]).exec(process.argv[2])",
    file,
    statement,
  ]);

async function push(server: TestServer, tag: string): Promise<void> {
  const image = await buildImage({ layers: [{ size: 10, seed: tag }] });
  expect(await pushImage(server.admin, repository, tag, image)).toMatchObject({
    status: 201,
  });
}

beforeAll(async () => {
  directory = await tempDirectory();
  config = join(directory.path, 'mcr.toml');
  snapshot = join(directory.path, 'copy.db');
  await using server = await start();
  await push(server, 'before');
  expect(await mcrsrv(['snapshot', '--config', config, '--to', snapshot])).toMatchObject({ code: 0 });
  await push(server, 'after');
});
afterAll(() => directory[Symbol.asyncDispose]());

async function expectTags(...tags: readonly string[]): Promise<void> {
  await using server = await start();
  expect((await server.admin.tags(repository)).json().tags).toEqual(tags);
}

test.each<[string, (file: string) => Promise<unknown>, RegExp]>([
  ['is not there', (file) => rm(file), /cannot be restored/],
  ['is empty', (file) => writeFile(file, ''), /no database of a registry/],
  ['is something else', (file) => writeFile(file, 'not a database '.repeat(1_000)), /not a database/],
  ['is cut short', async (file) => writeFile(file, (await readFile(file)).subarray(0, 40_000)), /malformed|damaged/],
  [
    'is of a later version',
    (file) => inSqlite(file, "INSERT INTO schema_migrations VALUES (999, 'later', 0)"),
    /schema 999/,
  ],
])('restore rejects a snapshot that %s, and changes nothing', async (_, spoil, reason) => {
  const file = join(directory.path, 'spoilt.db');
  await copyFile(snapshot, file);
  await spoil(file);
  const { code, stdout, stderr } = await restore(file);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^mcrsrv: ".*spoilt\.db" cannot be restored, and nothing was changed: /);
  expect(stderr).toMatch(reason);
  expect(await files()).toEqual(['mcr.db']);
});

test('restore is rejected while a server runs', async () => {
  await using server = await start();
  const { code, stderr } = await restore();
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/Another process owns the blobs .*stop it/),
  });
  expect((await server.admin.tags(repository)).json().tags).toEqual(['after', 'before']);
});

test('restore puts a snapshot in the place of the database, and keeps what was there', async () => {
  const before = await readFile(snapshot);
  const { code, stdout, stderr } = await restore();
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^\/.*\/mcr\.db\t\d+\n$/),
  });
  const [, kept = ''] = /^The database before is kept as (\/.*)\n$/.exec(stderr) ?? [];
  expect(await readFile(snapshot)).toEqual(before);
  await expectTags('before');
  const previous = await SqliteMetadataStore.open({ path: kept });
  expect(await previous.tags.list(repository as never, { limit: 10 })).toHaveLength(2);
  await previous.close();

  expect(await restore(kept)).toMatchObject({ code: 0 });
  await expectTags('after', 'before');
});

test('restore takes the log of the old database away with it', async () => {
  const before = await files();
  for (const suffix of ['-wal', '-shm']) await writeFile(join(directory.path, `mcr.db${suffix}`), 'of another time');
  expect(await restore()).toMatchObject({ code: 0 });
  const added = (await files()).filter((name) => !before.includes(name));
  expect(added).toEqual(
    ['', '-shm', '-wal'].map((end) => expect.stringMatching(new RegExp(`^mcr\\.db\\.before-restore-[0-9TZ-]+${end}$`))),
  );
  await expectTags('before');
});

test('restore works where the database is lost', async () => {
  await rm(join(directory.path, 'mcr.db'));
  expect(await restore()).toMatchObject({ code: 0, stderr: '' });
  await expectTags('before');
});
