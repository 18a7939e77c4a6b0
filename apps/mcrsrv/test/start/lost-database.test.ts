import { existsSync } from 'node:fs';
import { rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { buildImage, pushImage, type TempDirectory, tempDirectory } from '@mcr/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { mcrsrv } from '../_util/cli.ts';
import { startTestServer } from '../_util/server.ts';

let directory: TempDirectory;
let database: string;
let config: string[];

beforeAll(async () => {
  directory = await tempDirectory();
  database = join(directory.path, 'mcr.db');
  config = ['--config', join(directory.path, 'mcr.toml')];
  await using server = await startTestServer({ directory: directory.path });
  const image = await buildImage({ layers: [{ size: 10 }] });
  expect(await pushImage(server.admin, 'lost/and-found', '1', image)).toMatchObject({ status: 201 });
});
afterAll(() => directory[Symbol.asyncDispose]());

beforeEach(() => rm(database, { force: true }));

describe('a database that is gone', () => {
  test.each([[['snapshot']], [['account', 'list']], [['account', 'create', 'ann', '--password-stdin']]])(
    'is not made anew by mcrsrv %j, which would pass for the whole registry',
    async (argv) => {
      const { code, stdout, stderr } = await mcrsrv([...argv, ...config], 'a long password');
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^mcrsrv: There is no database at ".*mcr\.db"; .*restore a snapshot/);
      expect(existsSync(database)).toBe(false);
      expect(existsSync(join(directory.path, 'snapshots'))).toBe(false);
    },
  );

  test('is not made anew by mcrsrv init either, while there are blobs', async () => {
    const { code, stderr } = await mcrsrv(['init', '--dir', directory.path]);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/but there are blobs/) });
    expect(existsSync(database)).toBe(false);
  });
});

test('an empty file is no database', async () => {
  expect((await mcrsrv(['init', '--dir', join(directory.path, 'other')])).code).toBe(0);
  const other = join(directory.path, 'other');
  await truncate(join(other, 'mcr.db'));
  const { code, stderr } = await mcrsrv(['snapshot', '--config', join(other, 'mcr.toml')]);
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/There is no database/) });
});
