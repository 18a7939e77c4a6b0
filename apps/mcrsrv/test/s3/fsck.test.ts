import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RepositoryName } from '@mcr/core';
import {
  buildImage,
  pushImage,
  requireS3Server,
  type S3Server,
  seededBytes,
  sharedS3Server,
  type TestImage,
} from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { mcrsrv } from '../_util/cli.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';

const name = 'team/app' as RepositoryName;

describe.skipIf(!requireS3Server('versitygw'))('mcrsrv fsck on S3', () => {
  let s3: S3Server;
  let server: TestServer;
  let image: TestImage;

  beforeAll(async () => {
    vi.stubEnv('MCR_TEST_BLOBS', 's3');
    s3 = await sharedS3Server();
    server = await startTestServer();
    image = await buildImage({
      layers: ['missing', 'short', 'flipped', 'whole'].map((seed) => ({ size: 5_000, seed })),
    });
    await pushImage(server.admin, name, 'latest', image);
  }, 120_000);
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    vi.unstubAllEnvs();
  });

  /** The file in which the server keeps the object of a layer. */
  async function objectOf(layer: number): Promise<string> {
    const { store, clock } = server.context.services;
    const { locator } = (await store.blobs.find(name, image.layers[layer]!.digest, clock.now()))!;
    return join(s3.directory, server.context.config.s3.prefix ?? '', 'b', locator);
  }

  async function fsck(...flags: string[]) {
    const config = join(server.directory, 'mcr.toml');
    const { code, stdout } = await mcrsrv(['fsck', '--config', config, '--json', ...flags]);
    const { findings } = JSON.parse(stdout) as { findings: readonly { kind: string; digest?: string }[] };
    return { code, findings: findings.map(({ kind, digest }) => `${kind} ${digest ?? ''}`).toSorted() };
  }

  test('finds what is wrong, takes it out of service, and the next push heals it', async () => {
    expect(await fsck('--deep')).toEqual({ code: 0, findings: [] });
    const [missing, short, flipped] = [await objectOf(0), await objectOf(1), await objectOf(2)];
    await rm(missing);
    await truncate(short, 100);
    const bytes = await readFile(flipped);
    bytes[1_000]! ^= 1;
    await writeFile(flipped, bytes);
    const digests = image.layers.map(({ digest }) => digest);
    const found = [`blob-digest ${digests[2]}`, `blob-missing ${digests[0]}`, `blob-size ${digests[1]}`].toSorted();
    expect(await fsck('--deep')).toEqual({ code: 1, findings: found });
    expect(await fsck('--deep', '--repair')).toMatchObject({ findings: found });
    for (const at of [0, 1, 2]) expect((await server.admin.getBlob(name, digests[at]!)).status).toBe(404);
    expect((await server.admin.getBlob(name, digests[3]!)).status).toBe(200);
    await pushImage(server.admin, name, 'latest', image);
    expect(await fsck('--deep')).toEqual({ code: 0, findings: [] });
    for (const digest of digests) expect((await server.admin.hashBlob(name, digest)).digest).toBe(digest);
  });

  test('leaves an object that no row knows to the sweep', async () => {
    const { blobs } = server.context.services;
    async function* content(): AsyncGenerator<Uint8Array> {
      yield seededBytes('unknown', 1_000);
    }
    const { piece } = await blobs.append('00000000-0000-4000-8000-000000000000', content());
    expect(await fsck('--repair')).toEqual({ code: 0, findings: [] });
    expect(await blobs.pieceSize(piece!.locator)).toBe(1_000);
  });
});
