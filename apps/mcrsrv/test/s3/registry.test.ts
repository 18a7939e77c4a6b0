import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, type RepositoryName } from '@mcr/core';
import {
  blobOf,
  buildImage,
  pushImage,
  requireS3Server,
  type S3Server,
  seededBytes,
  startS3Server,
} from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { SweepFigures, sweepObjects } from '../../src/services/gc/sweep-objects.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';
import { TestClock } from '../gc/_registry.ts';
import { objectsBelow, s3Env } from './_s3.ts';

const hour = 3_600_000;
const MiB = 2 ** 20;

describe.skipIf(!requireS3Server('versitygw'))('a registry whose blobs are in S3', () => {
  const clock = new TestClock();
  const prefix = randomUUID();
  let s3: S3Server;
  let server: TestServer;

  beforeAll(async () => {
    s3 = await startS3Server('versitygw');
    const env = { ...s3Env(s3, prefix), MCR_GC_GRACE_PERIOD: '1h', MCR_GC_UPLOAD_TTL: '1h' };
    server = await startTestServer({ env, overrides: { clock } });
  }, 60_000);
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await s3[Symbol.asyncDispose]();
    vi.unstubAllEnvs();
  });

  const calls = () => metric('registry_s3_calls_total');
  async function metric(name: string): Promise<Record<string, number>> {
    const found = await server.context.metrics.registry.getSingleMetric(name)?.get();
    const entries = found?.values.map(({ labels, value }) => [Object.values(labels).join(' '), value] as const) ?? [];
    return Object.fromEntries(entries);
  }

  test('a blob of up to a part is one PUT, in whatever shape it comes', async () => {
    for (const mode of ['put', 'post', 'stream'] as const) {
      const before = await calls();
      const bytes = seededBytes(mode, 300_000);
      const blob = blobOf(bytes);
      expect((await server.admin.pushBlob('team/app', blob, mode)).status).toBe(201);
      const after = await calls();
      expect(after).toEqual({ ...before, 'put ok': before['put ok']! + 1 });
      expect((await server.admin.getBlob('team/app', blob.digest)).body.equals(bytes)).toBe(true);
    }
  });

  test('a large blob goes in parts, and a chunked one is put together', async () => {
    for (const mode of ['stream', { chunkSize: 4 * MiB }] as const) {
      const bytes = seededBytes(JSON.stringify(mode), 11 * MiB);
      const blob = blobOf(bytes);
      const before = await objectsBelow(s3, prefix);
      expect((await server.admin.pushBlob('team/app', blob, mode)).status).toBe(201);
      expect(await objectsBelow(s3, prefix)).toHaveLength(before.length + 1);
      expect(await server.admin.hashBlob('team/app', blob.digest)).toMatchObject({ digest: blob.digest });
      const path = `/v2/team/app/blobs/${blob.digest}`;
      const part = await server.admin.request('GET', path, { headers: { range: 'bytes=5000000-6000000' } });
      expect([part.status, part.body.equals(bytes.subarray(5_000_000, 6_000_001))]).toEqual([206, true]);
      const parts = await server.admin.request('GET', path, { headers: { range: 'bytes=0-9,7000000-7000009' } });
      expect(parts.status).toBe(206);
    }
  });

  test('a digest that is wrong, and an upload that is canceled, leave nothing', async () => {
    const before = await objectsBelow(s3, prefix);
    const bytes = seededBytes('wrong', 1_000);
    for (const mode of ['put', 'post', 'stream'] as const) {
      const wrong = { ...blobOf(bytes), digest: digestOf('something else') };
      expect((await server.admin.pushBlob('team/app', wrong, mode)).status).toBe(400);
    }
    const { headers } = await server.admin.startUpload('team/app');
    const patched = await server.admin.patchUpload(headers.location as string, bytes);
    expect((await server.admin.cancelUpload(patched.headers.location as string)).status).toBe(204);
    expect(await objectsBelow(s3, prefix)).toEqual(before);
  });

  test('a blob that is there already keeps its object, and the new one goes', async () => {
    const blob = blobOf(seededBytes('twice', 1_000));
    await server.admin.pushBlob('team/app', blob);
    const before = await objectsBelow(s3, prefix);
    expect((await server.admin.pushBlob('team/app', blob, 'stream')).status).toBe(201);
    expect((await server.admin.pushBlob('other/app', blob, 'post')).status).toBe(201);
    expect(await objectsBelow(s3, prefix)).toEqual(before);
    expect((await server.admin.getBlob('other/app', blob.digest)).status).toBe(200);
  });

  test('garbage collection removes objects of blobs and of uploads, and keeps what is referenced', async () => {
    const image = await buildImage({ layers: [seededBytes('layer', 2_000)] });
    expect((await pushImage(server.admin, 'team/kept', 'latest', image)).status).toBe(201);
    const { headers } = await server.admin.startUpload('team/app');
    await server.admin.patchUpload(headers.location as string, seededBytes('open', 1_000));
    await collect();
    expect((await objectsBelow(s3, prefix)).length).toBeGreaterThan(image.blobs.length);
    clock.advance(2 * hour);
    expect((await collect()).uploadsRemoved).toBe(1);
    expect(await objectsBelow(s3, prefix)).toHaveLength(image.blobs.length);
    for (const { digest } of image.blobs) expect((await server.admin.getBlob('team/kept', digest)).status).toBe(200);
    expect((await collect(true)).state).toBe('completed');
  });

  test('a sweep finds objects that no row knows and parts that were never finished, and leaves pieces alone', async () => {
    const { store, blobs, log } = server.context.services;
    const { headers } = await server.admin.startUpload('team/app');
    await server.admin.patchUpload(headers.location as string, seededBytes('piece', 1_000));
    const kept = await objectsBelow(s3, prefix);
    await blobs.append(randomUUID(), chunks(seededBytes('crashed', 1_000)));
    const sweep = async (ahead: number) => {
      const figures = new SweepFigures();
      const later = { now: () => Date.now() + ahead };
      await sweepObjects({ store, blobs, clock: later, log, mayGoOn: async () => {} }, figures);
      return figures;
    };
    expect(await sweep(0)).toEqual({ objects: 0, bytes: 0, uploads: 0 });
    expect(await sweep(2 * hour)).toEqual({ objects: 1, bytes: 1_000, uploads: 0 });
    expect(await sweep(2 * hour)).toEqual({ objects: 0, bytes: 0, uploads: 0 });
    clock.advance(Date.now() + 3 * hour - clock.now());
    await server.context.services.collector.start({ reconcile: false, trigger: 'api', actor: {} });
    await server.collected();
    expect((await objectsBelow(s3, prefix)).length).toBeLessThanOrEqual(kept.length);
  });

  test('an object that is gone takes its blob out of service, a bucket that is gone takes none', async () => {
    const { store } = server.context.services;
    const [lost, kept] = [blobOf(seededBytes('lost', 1_000)), blobOf(seededBytes('kept', 1_000))];
    for (const blob of [lost, kept]) await server.admin.pushBlob('team/app', blob);
    const away = `${join(s3.directory, prefix)}-away`;
    await rename(join(s3.directory, prefix), away);
    expect((await server.admin.getBlob('team/app', lost.digest)).status).toBe(503);
    expect(await store.blobs.countQuarantined()).toBe(0);
    // The other replicas have no other bucket.
    const ready = await server.admin.request('GET', '/v1/ready');
    expect([ready.status, ready.json()]).toEqual([
      200,
      { status: 'degraded', checks: { database: 'ok', storage: 'failed' } },
    ]);
    await rename(away, join(s3.directory, prefix));

    const { locator } = (await store.blobs.find('team/app' as RepositoryName, lost.digest, clock.now()))!;
    await rm(join(s3.directory, prefix, 'b', locator));
    expect((await server.admin.getBlob('team/app', lost.digest)).status).toBe(404);
    await expect.poll(() => store.blobs.countQuarantined()).toBe(1);
    expect((await server.admin.getBlob('team/app', kept.digest)).status).toBe(200);
    expect((await server.admin.pushBlob('team/app', lost)).status).toBe(201);
    expect((await server.admin.getBlob('team/app', lost.digest)).status).toBe(200);
    expect(await store.blobs.countQuarantined()).toBe(0);
  });

  test('another database does not start on the bucket, whether or not there are blobs', async () => {
    await expect(startTestServer({ env: s3Env(s3, prefix) })).rejects.toThrow(/but there are blobs/);
    const empty = s3Env(s3);
    await using first = await startTestServer({ env: empty });
    const second = startTestServer({ env: empty });
    await expect(second).rejects.toThrow(
      /s3\.bucket: ".*" is not the place of this database: another database uses it/,
    );
    const again = startTestServer({ env: empty, directory: first.directory });
    await expect(again).rejects.toThrow(/Another process owns the blobs/);
  });

  async function collect(reconcile = false) {
    const { collector } = server.context.services;
    await collector.start({ reconcile, trigger: 'api', actor: {} });
    return (await collector.finished())!;
  }
});

async function* chunks(...all: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* all;
}
