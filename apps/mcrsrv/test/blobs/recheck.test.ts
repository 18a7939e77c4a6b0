import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { blobOf, seededBytes, type TestBlob } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { expectBodyless, expectError } from '../_util/errors.ts';
import { logOf } from '../_util/log.ts';
import { imageOf, pushBlobs } from '../_util/manifests.ts';
import { ManualClock } from '../_util/manual-clock.ts';
import { sqlFromOutside } from '../_util/outside.ts';
import { useServer } from '../_util/use-server.ts';
import { fileOf } from '../fsck/_fsck.ts';

const clock = new ManualClock();
const server = useServer({ overrides: { clock } });
const minute = 60_000;
const settled = () => server().context.services.rechecks.settled();
const get = ({ digest }: TestBlob) => server().admin.getBlob('app', digest);
const head = ({ digest }: TestBlob) => server().admin.headBlob('app', digest);
/** Files by the digests of their blobs, as they were when they were pushed. */
const paths = new Map<string, string>();
const path = ({ digest }: TestBlob) => paths.get(digest)!;

/** A blob that was found to be missing, with its file beside its place. */
async function quarantined(name: string): Promise<TestBlob> {
  const blob = blobOf(seededBytes(name, 2_000));
  await pushBlobs(server().admin, 'app', blob);
  paths.set(blob.digest, fileOf(server(), blob.digest));
  await rename(path(blob), `${path(blob)}.away`);
  expectError(await get(blob), 404, 'BLOB_UNKNOWN');
  expect(await server().context.services.store.blobs.countQuarantined()).toBe(1);
  return blob;
}

const bringBack = (blob: TestBlob) => rename(`${path(blob)}.away`, path(blob));

test.each([
  ['GET', get],
  ['HEAD', head],
] as const)(
  'a blob whose file is back is back in service after a %s of it, which is on record',
  async (method, ask) => {
    const blob = await quarantined(method);
    await bringBack(blob);
    expect((await ask(blob)).status).toBe(404);
    await settled();
    expect((await get(blob)).body.equals(seededBytes(method, 2_000))).toBe(true);
    expectBodyless(await head(blob), 200);
    expect((await server().audit('blob_released'))[0]).toMatchObject({ digest: blob.digest, actor: {} });
    expect(logOf(server())).toContainEqual(expect.objectContaining({ level: 'warn', digest: blob.digest }));
    expect(await server().context.services.store.blobs.countQuarantined()).toBe(0);
  },
);

test('a file that is still missing is looked for again soon, and at once when its time has come', async () => {
  const blob = await quarantined('missing');
  expectError(await get(blob), 404, 'BLOB_UNKNOWN');
  await settled();
  await bringBack(blob);
  expectError(await get(blob), 404, 'BLOB_UNKNOWN');
  await settled();
  expectError(await get(blob), 404, 'BLOB_UNKNOWN');
  clock.advance(5_000);
  expectError(await get(blob), 404, 'BLOB_UNKNOWN');
  await settled();
  expect((await get(blob)).status).toBe(200);
});

test('a file of the right size with other bytes stays out of service, and is not read again for each request', async () => {
  const blob = await quarantined('wrong');
  const right = await readFile(`${path(blob)}.away`);
  await writeFile(path(blob), Buffer.alloc(right.length));
  expectError(await get(blob), 404, 'BLOB_UNKNOWN');
  await settled();
  await writeFile(path(blob), right);
  for (let n = 0; n < 5; n += 1) expectError(await get(blob), 404, 'BLOB_UNKNOWN');
  await settled();
  expectError(await get(blob), 404, 'BLOB_UNKNOWN');
  clock.advance(10 * minute);
  expectError(await get(blob), 404, 'BLOB_UNKNOWN');
  await settled();
  expect((await get(blob)).status).toBe(200);
  await rm(`${path(blob)}.away`);
});

test('a repository without the blob has nothing looked at', async () => {
  const blob = await quarantined('elsewhere');
  await bringBack(blob);
  expectError(await server().admin.getBlob('stranger', blob.digest), 404, 'BLOB_UNKNOWN');
  await settled();
  expectError(await get(blob), 404, 'BLOB_UNKNOWN');
  await settled();
  expect((await get(blob)).status).toBe(200);
});

test('a manifest whose content is right again is back in service after a request for it', async () => {
  const config = blobOf('{}', 'application/vnd.example.config+json');
  const manifest = imageOf(config);
  await pushBlobs(server().admin, 'app', config);
  await server().admin.pushManifest('app', 'right', manifest);
  await sqlFromOutside(server(), 'INSERT INTO damaged_manifests SELECT id, 1 FROM manifests');
  expectError(await server().admin.getManifest('app', 'right'), 404, 'MANIFEST_UNKNOWN');
  await settled();
  expect((await server().admin.getManifest('app', 'right')).status).toBe(200);
  expect((await server().audit('manifest_released'))[0]).toMatchObject({ repository: 'app', digest: manifest.digest });
});
