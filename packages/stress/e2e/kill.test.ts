import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  blobOf,
  buildImage,
  locationOf,
  type OciClient,
  pushImage,
  seededBytes,
  startRegistry,
  type TestImage,
  type TestRegistry,
} from '@mcr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** For `expect.poll`: gives up only on what never happens, also on a busy machine. */
const pollOptions = { interval: 20, timeout: 20_000 };
const shared = new AsyncDisposableStack();
let registry: TestRegistry;
let client: OciClient;

beforeAll(async () => {
  registry = shared.use(await startRegistry());
  client = registry.client();
});

afterAll(() => shared.disposeAsync());

const MiB = 1 << 20;

/** The tag leads to this image, byte by byte. */
async function expectSame(repository: string, tag: string, { manifest, blobs }: TestImage): Promise<void> {
  const pulled = await client.getManifest(repository, tag);
  expect(pulled.status, pulled.text()).toBe(200);
  expect(pulled.header('docker-content-digest')).toBe(manifest.digest);
  expect(pulled.body.equals(manifest.bytes)).toBe(true);
  for (const { digest, size } of blobs) {
    expect(await client.hashBlob(repository, digest)).toEqual({ status: 200, size, digest });
  }
}

/** Yields `bytes` in pieces, then waits for ever, as a client does that is slower than the server's end. */
async function* neverEnding(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.byteLength; at += 64 * 1024) yield bytes.subarray(at, at + 64 * 1024);
  await new Promise(() => {});
}

/** How many bytes of an upload lie on the disk, acknowledged or not. */
async function sizeOf(location: string): Promise<number> {
  const directory = join(registry.directory, 'uploads');
  const id = location.split('/').at(-1)!;
  const pieces = (await readdir(directory)).filter((name) => name.startsWith(id));
  const sizes = await Promise.all(pieces.map(async (name) => (await stat(join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** How many bytes the server says it has. */
async function offsetOf(location: string): Promise<number> {
  const status = await client.uploadStatus(location);
  expect(status.status, status.text()).toBe(204);
  const last = /^0-(\d+)$/.exec(status.header('range') ?? '')?.[1];
  return Number(last) + 1;
}

test.each([
  { name: 'with Content-Range and a known length', headers: { 'content-length': String(8 * MiB) }, ranged: true },
  { name: 'as a stream without a length', headers: {}, ranged: false },
])('a chunked upload goes on after SIGKILL in the middle of a PATCH $name', async ({ headers, ranged }) => {
  const content = seededBytes(`crash ${ranged}`, 40 * MiB);
  const blob = blobOf(content);
  let location = locationOf(await client.startUpload('crash/upload'));
  const chunk = 8 * MiB;
  let acknowledged = 0;
  while (acknowledged < 3 * chunk) {
    const patched = await client.patchUpload(
      location,
      content.subarray(acknowledged, acknowledged + chunk),
      ranged ? acknowledged : undefined,
    );
    expect(patched.status).toBe(202);
    acknowledged += chunk;
    expect(patched.header('range')).toBe(`0-${acknowledged - 1}`);
    location = locationOf(patched);
  }

  const sent = content.subarray(acknowledged, acknowledged + 5 * MiB);
  const range = ranged ? { 'content-range': `${acknowledged}-${acknowledged + chunk - 1}` } : {};
  const inFlight = client.patchUpload(location, Readable.from(neverEnding(sent)), undefined, {
    headers: { ...headers, ...range },
  });
  inFlight.catch(() => {});
  await expect.poll(() => sizeOf(location), pollOptions).toBeGreaterThan(acknowledged);
  expect(await registry.kill('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
  await expect(inFlight).rejects.toThrow();
  await registry.restart();

  const offset = await offsetOf(location);
  expect(offset).toBeGreaterThanOrEqual(acknowledged);
  expect(offset).toBeLessThanOrEqual(acknowledged + sent.byteLength);
  const gap = await client.patchUpload(location, content.subarray(0, 10), offset + 1);
  expect(gap.status).toBe(416);

  const rest = await client.patchUpload(location, content.subarray(offset), ranged ? offset : undefined);
  expect(rest.status, rest.text()).toBe(202);
  expect(rest.header('range')).toBe(`0-${content.byteLength - 1}`);
  const finished = await client.finishUpload(locationOf(rest), blob.digest);
  expect(finished.status, finished.text()).toBe(201);
  expect(await client.hashBlob('crash/upload', blob.digest)).toEqual({
    status: 200,
    size: blob.size,
    digest: blob.digest,
  });
});

test('a wrong continuation after SIGKILL is noticed by its digest', async () => {
  const content = seededBytes('wrong continuation', 4 * MiB);
  const started = await client.startUpload('crash/wrong');
  const first = await client.patchUpload(locationOf(started), content.subarray(0, 2 * MiB), 0);
  await registry.kill();
  await registry.restart();
  expect(await offsetOf(locationOf(first))).toBe(2 * MiB);
  const second = await client.patchUpload(locationOf(first), content.subarray(0, 2 * MiB), 2 * MiB);
  expect(second.status).toBe(202);
  const finished = await client.finishUpload(locationOf(second), blobOf(content).digest);
  expect(finished.status).toBe(400);
  expect(finished.json().errors).toMatchObject([{ code: 'DIGEST_INVALID' }]);
});

test('everything that was acknowledged is there after SIGKILL', async () => {
  for (const round of [1, 2, 3]) {
    const image = await buildImage({ layers: [{ size: 100_000, seed: `round ${round}` }, { size: MiB }] });
    expect(await pushImage(client, 'crash/image', `v${round}`, image)).toMatchObject({ status: 201 });
    await registry.kill();
    await registry.restart();
    await expectSame('crash/image', `v${round}`, image);
  }
  expect((await client.tags('crash/image')).json().tags).toEqual(['v1', 'v2', 'v3']);
});

test('a token goes on working after a restart, graceful or not', async () => {
  const { token } = await client.token();
  const holder = registry.client({ token });
  await registry.restart();
  expect(await holder.tags('crash/image')).toMatchObject({ status: 200 });
  await registry.kill();
  await registry.restart();
  expect(await holder.tags('crash/image')).toMatchObject({ status: 200 });
});

test('a graceful stop finishes the upload that is in flight', async () => {
  const content = seededBytes('graceful', 4 * MiB);
  const location = locationOf(await client.startUpload('crash/graceful'));
  const stopping = Promise.withResolvers<void>();
  async function* inTwoParts(): AsyncGenerator<Buffer> {
    yield content.subarray(0, MiB);
    await stopping.promise;
    yield content.subarray(MiB);
  }
  const { digest } = blobOf(content);
  const finishing = client.finishUpload(location, digest, Readable.from(inTwoParts()));
  await expect.poll(() => sizeOf(location), pollOptions).toBeGreaterThan(0);
  const stopped = registry.stop();
  stopping.resolve();
  expect((await finishing).status).toBe(201);
  expect(await stopped).toMatchObject({ code: 0 });
  await registry.restart();
  expect(await client.hashBlob('crash/graceful', digest)).toMatchObject({ status: 200, digest });
});
