import { join } from 'node:path';
import {
  blobOf,
  buildImage,
  pushImage,
  requirePostgres,
  requireS3Server,
  type S3Server,
  seededBytes,
  startS3Server,
  type TestImage,
} from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectError } from '../_util/errors.ts';
import { startTestServer, type TestServer, testPassword } from '../_util/server.ts';
import { copySigningKey, makeRegistryPlace, migrateTo, type PlaceKinds, type RegistryPlace } from './_places.ts';
import { rowsOf } from './_rows.ts';

const disk: PlaceKinds = { rows: 'sqlite', bytes: 'disk' };

async function pushOne(server: TestServer, repository: string, tag: string, size = 200_000): Promise<TestImage> {
  const image = await buildImage({ layers: [{ size, seed: `${repository} ${tag}` }], annotations: { tag } });
  expect((await pushImage(server.admin, repository, tag, image)).status).toBe(201);
  return image;
}

async function expectPull(server: TestServer, repository: string, tag: string, image: TestImage): Promise<void> {
  const manifest = await server.admin.getManifest(repository, tag);
  expect([manifest.status, Buffer.from(image.manifest.bytes).equals(manifest.body)]).toEqual([200, true]);
  for (const { digest, size } of image.blobs)
    expect(await server.admin.hashBlob(repository, digest)).toEqual({ status: 200, size, digest });
}

describe.skipIf(!requirePostgres(15) || !requireS3Server('versitygw'))('mcrsrv migrate', () => {
  let s3: S3Server;
  beforeAll(async () => {
    s3 = await startS3Server('versitygw');
  }, 60_000);
  afterAll(() => s3[Symbol.asyncDispose]());

  test('moves a registry that serves to PostgreSQL and S3: then pulls, logins, rules and the audit log are there', async () => {
    await using from = await makeRegistryPlace(disk);
    await using to = await makeRegistryPlace({ rows: 'postgres', bytes: s3 }, from);
    const images: TestImage[] = [];
    let tokenBefore: string;
    let uploadBefore: string;
    let events: number;
    {
      await using server = await startTestServer({ directory: from.directory });
      images.push(await pushOne(server, 'app', 'v1'), await pushOne(server, 'other', 'v1', 6 * 2 ** 20));
      await server.addAccount('bob');
      await server.addRule({ effect: 'deny', actions: ['registry:pull'], repositories: ['other'], priority: 5 });
      tokenBefore = (await server.client('bob').token()).token;
      uploadBefore = (await server.admin.request('POST', '/v2/app/blobs/uploads/')).header('location')!;
      const online = await migrateTo(from, to);
      expect(online).toMatchObject({ code: 3, stdout: expect.stringContaining('set server.read_only = true in') });
      images.push(await pushOne(server, 'app', 'v2'));
      await server.admin.deleteManifest('other', images[1]!.manifest.digest);
    }
    await from.setReadOnly(true);
    {
      await using server = await startTestServer({ directory: from.directory });
      const done = await migrateTo(from, to);
      expect(done, done.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('Copy the signing key') });
      await expectPull(server, 'app', 'v1', images[0]!);
      events = (await server.context.services.store.audit.list({ limit: 1_000 })).length;
    }
    await copySigningKey(from, to);
    await using server = await startTestServer({ directory: to.directory });
    await expectPull(server, 'app', 'v1', images[0]!);
    await expectPull(server, 'app', 'v2', images[2]!);
    const bob = server.client({ token: tokenBefore });
    expect((await bob.tags('app')).status).toBe(200);
    expect((await bob.request('GET', '/v2/other/manifests/v1')).status).toBe(403);
    expect((await server.client({ username: 'bob', password: testPassword }).tags('app')).status).toBe(200);
    expect((await server.context.services.store.audit.list({ limit: 1_000 })).length).toBeGreaterThanOrEqual(events);
    expectError(await server.admin.request('PATCH', uploadBefore, { body: 'x' }), 404, 'BLOB_UPLOAD_UNKNOWN');
    await pushOne(server, 'app', 'v3');
  });

  test('there and back again leaves the same rows and bytes', async () => {
    await using first = await makeRegistryPlace(disk);
    await using second = await makeRegistryPlace({ rows: 'postgres', bytes: s3 }, first);
    await using third = await makeRegistryPlace({ rows: 'sqlite', bytes: 'shared disk' }, first);
    const images: TestImage[] = [];
    {
      await using server = await startTestServer({ directory: first.directory });
      images.push(await pushOne(server, 'app', 'v1'), await pushOne(server, 'app', 'v2'));
      expect((await server.admin.pushBlob('app', blobOf(''))).status).toBe(201);
      expect(
        (await server.admin.pushBlob('app', blobOf(seededBytes('large', 12_000_000), 'a/b', 'sha512'))).status,
      ).toBe(201);
    }
    const before = rowsOf(join(first.directory, 'mcr.db'));
    const there = JSON.parse((await migrateTo(first, second, '--json', '--deep')).stdout);
    expect(rowsOf(join(first.directory, 'mcr.db'))).toEqual(before);
    expect(there).toMatchObject({ complete: true, blobs: 6, next: expect.any(Array) });
    await second.setReadOnly(true);
    const back = JSON.parse((await migrateTo(second, third, '--json', '--rate', '100MiB', '--parallel', '2')).stdout);
    expect(back).toEqual({ ...there, next: expect.any(Array) });
    await copySigningKey(first, third);
    await using server = await startTestServer({ directory: third.directory });
    await expectPull(server, 'app', 'v1', images[0]!);
    await expectPull(server, 'app', 'v2', images[1]!);
  });

  test('moves rows alone where both configurations name the same blobs', async () => {
    await using from = await makeRegistryPlace({ rows: 'sqlite', bytes: s3 });
    await using to = await makeRegistryPlace({ rows: 'postgres', bytes: s3 }, from);
    await to.sameBlobsAs(from);
    let image: TestImage;
    {
      await using server = await startTestServer({ directory: from.directory });
      image = await pushOne(server, 'app', 'v1');
    }
    const { stdout } = await migrateTo(from, to, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ complete: true });
    expect(JSON.parse(stdout)).not.toHaveProperty('blobs');
    await copySigningKey(from, to);
    await using server = await startTestServer({ directory: to.directory });
    await expectPull(server, 'app', 'v1', image);
  });

  describe('is rejected', () => {
    let from: RegistryPlace;
    beforeAll(async () => {
      from = await makeRegistryPlace(disk);
      await using server = await startTestServer({ directory: from.directory });
      await pushOne(server, 'app', 'v1');
    });
    afterAll(() => from[Symbol.asyncDispose]());

    const rejected = async (to: RegistryPlace, message: string, source = from) =>
      expect(await migrateTo(source, to)).toMatchObject({ code: 1, stderr: expect.stringContaining(message) });

    test('to itself', async () => {
      await rejected(from, 'is the database that is to be moved; name another one');
    });

    test('to a registry that has something', async () => {
      await using to = await makeRegistryPlace(disk, from);
      await using server = await startTestServer({ directory: to.directory });
      await server[Symbol.asyncDispose]();
      await rejected(to, 'not empty: there are rows in accounts');
    });

    test('to blobs of another registry', async () => {
      await using to = await makeRegistryPlace(disk, from);
      await using other = await makeRegistryPlace(disk, from);
      {
        await using server = await startTestServer({ directory: other.directory });
        await pushOne(server, 'app', 'v1');
      }
      await to.sameBlobsAs(other);
      await rejected(to, 'has blobs, or is the place of another registry');
      await using server = await startTestServer({ directory: other.directory });
      expect((await server.admin.getManifest('app', 'v1')).status).toBe(200);
    });

    test('from a database that no server has started on', async () => {
      await using to = await makeRegistryPlace(disk, from);
      await using empty = await makeRegistryPlace(disk, from);
      await rejected(to, 'database.path', empty);
    });

    test('while a server runs that was not restarted since server.read_only was set', async () => {
      await using to = await makeRegistryPlace(disk, from);
      await using server = await startTestServer({ directory: from.directory });
      await from.setReadOnly(true);
      expect(await migrateTo(from, to)).toMatchObject({ code: 3, stdout: expect.stringContaining('restart it') });
      await from.setReadOnly(false);
      expect((await server.admin.tags('app')).status).toBe(200);
    });

    test('of damaged bytes, and names them', async () => {
      await using to = await makeRegistryPlace(disk, from);
      await using damaged = await makeRegistryPlace(disk, from);
      {
        await using server = await startTestServer({ directory: damaged.directory });
        await pushOne(server, 'app', 'v1');
      }
      const digest = await damaged.damageOne();
      await rejected(to, digest, damaged);
    });
  });
});
