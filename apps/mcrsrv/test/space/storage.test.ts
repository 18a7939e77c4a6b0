import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { DescribeStorageResponse } from '@mcr/rpc/mcr/v1/admin_pb';
import { buildImage, pushImage, type TestImage } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import { ManualClock } from '../_util/manual-clock.ts';
import { transports } from '../_util/transports.ts';

const run = promisify(execFile);
const dayMs = 86_400_000;
const clock = new ManualClock();
const api = useAdminApi({ overrides: { clock } });

const partsOf = ({ parts }: Pick<DescribeStorageResponse, 'parts'>) =>
  Object.fromEntries(parts.map(({ name, bytes }) => [name, Number(bytes)]));

/** Bytes of all files below directories, as they say themselves, not as blocks. */
async function bytesBelow(...directories: string[]): Promise<number> {
  const { stdout } = await run('find', [...directories, '-type', 'f', '-printf', '%s\n']);
  return stdout.split('\n').reduce((sum, line) => sum + Number(line), 0);
}

test('the parts are what lies in the directories, and add up to what df says', async () => {
  const { server, over } = api();
  const { directory, admin, context } = server;
  const { layersPath = '', uploadsPath = '' } = context.config.storage;
  const base = { size: 4_000, seed: 'base' };
  const images: TestImage[] = [];
  for (const name of ['team/larger', 'team/one']) {
    const image = await buildImage({ layers: [base, { size: name.length * 1_000, seed: name }] });
    images.push(image);
    expect((await pushImage(admin, name, 'v1', image)).status).toBe(201);
  }
  await pushImage(admin, 'team/three', 'v1', await buildImage({ layers: [{ size: 30_000, seed: 'three' }] }));
  expect((await admin.request('DELETE', '/v1/repositories/team/three')).status).toBe(204);
  const begun = await admin.request('POST', '/v2/team/one/blobs/uploads/');
  const chunk = { body: Buffer.alloc(5_000), headers: { 'content-type': 'application/octet-stream' } };
  expect((await admin.request('PATCH', String(begun.headers['location']), chunk)).status).toBe(202);
  await mkdir(join(directory, 'snapshots'), { recursive: true });
  await writeFile(join(directory, 'snapshots', 'mcr-1.db'), Buffer.alloc(1_234));

  const described = await over('gRPC').admin.describeStorage({});
  const { own, shared, waiting, uploads, copies, database, other, free, reserved } = partsOf(described);
  const common = images[0]!.blobs.filter(({ digest }) => images[1]!.blobs.some((one) => one.digest === digest));
  expect(shared).toBe(common.reduce((sum, { size }) => sum + size, 0));
  expect(shared).toBeGreaterThanOrEqual(4_000);
  expect(waiting).toBeGreaterThan(30_000);
  expect(uploads).toBe(5_000);
  expect(copies).toBe(1_234);
  expect(database).toBeGreaterThan(100_000);
  // Only the file that names the store is none of them.
  const marker = (await run('find', [layersPath, '-maxdepth', '1', '-type', 'f', '-printf', '%s\n'])).stdout;
  const files =
    (await bytesBelow(layersPath, uploadsPath)) - marker.split('\n').reduce((sum, line) => sum + Number(line), 0);
  expect(own! + shared! + waiting! + uploads!).toBe(files);
  expect(described.largest.map(({ name }) => name)).toEqual(['team/larger', 'team/one']);
  expect(described.largest.reduce((sum, { ownBytes }) => sum + Number(ownBytes), 0)).toBe(own);

  const { stdout } = await run('df', ['--block-size=1', '--output=size', layersPath]);
  expect(described.totalBytes).toBe(BigInt(stdout.split('\n')[1]!.trim()));
  expect(described.parts.reduce((sum, { bytes }) => sum + bytes, 0n)).toBe(described.fileSystem?.size);
  expect(Number(described.fileSystem!.used)).toBe(own! + shared! + waiting! + uploads! + copies! + database! + other!);
  expect(Number(described.fileSystem!.free)).toBe(free);
  expect(reserved).toBeGreaterThanOrEqual(0);
});

test('it is the same over every transport', async () => {
  const described = await Promise.all(
    transports.map(async (transport) => {
      const { parts, driver, largest } = await api().over(transport).admin.describeStorage({ days: 7 });
      const { own, shared } = partsOf({ parts });
      return { driver, own, shared, names: largest.map(({ name }) => name) };
    }),
  );
  expect(new Set(described.map((one) => JSON.stringify(one))).size).toBe(1);
  expect(described[0]).toMatchObject({ driver: 'disk', names: ['team/larger', 'team/one'] });
});

test('samples of the days become growth, with the day on which pushes are rejected', async () => {
  const { server, over } = api();
  const { space } = server.context.services.store;
  const before = await over('gRPC').admin.describeStorage({});
  expect(before.samples).toHaveLength(1);
  expect(before.growth).toMatchObject({ state: 'unknown', daysMissing: 7 });
  const today = Math.floor(clock.now() / dayMs);
  const used = Number(before.fileSystem?.used);
  const perDay = 1_000_000_000;
  for (let back = 120; back > 0; back -= 1) {
    const sample = { day: today - back, storedBytes: 9_000 - back, usedBytes: used - back * perDay };
    await space.putSample({ ...sample, keepSince: 0 });
  }
  const { samples, growth, fileSystem } = await over('gRPC').admin.describeStorage({});
  expect(samples).toHaveLength(90);
  expect(timestampMs(samples.at(-1)!.start!)).toBe(today * dayMs);
  expect(samples.at(-2)).toMatchObject({ storedBytes: 8_999n, usedBytes: BigInt(used - perDay) });
  expect(growth?.state).toBe('growing');
  // The disk is that of the machine, on which others write meanwhile.
  const { free, minFree } = fileSystem!;
  expect(Number(growth?.bytesPerDay) / perDay).toBeCloseTo(1, 0);
  const days = Number(free - minFree) / Number(growth?.bytesPerDay);
  if (days < 3_650) expect(timestampMs(growth!.fullAt!)).toBeCloseTo(clock.now() + days * dayMs, -4);
  expect((await over('gRPC').admin.describeStorage({ days: 3 })).samples).toHaveLength(3);
  expect((await over('gRPC').admin.describeStorage({ days: 3 })).growth?.state).toBe('growing');
});
