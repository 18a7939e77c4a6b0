import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { digestOf } from '@mcr/core';
import {
  blobOf,
  buildImage,
  locationOf,
  type OciClient,
  type OciResponse,
  pushImage,
  seededBytes,
  startWorkers,
} from '@mcr/testkit';
import { expect, test } from 'vitest';
import { sharedResources } from '../shared.ts';
import { Traffic } from './_util.ts';

/** As short as makes sense: a push that rests for longer loses its blobs. */
const graceMs = 2_000;
const ttlMs = 1_000;

const registry = sharedResources().use(
  await startWorkers(2, {
    env: {
      MCR_GC_GRACE_PERIOD: `${graceMs}ms`,
      MCR_GC_UPLOAD_TTL: `${ttlMs}ms`,
      MCR_GC_INTERVAL: '0',
      MCR_STORAGE_TAG_DELETE: 'true',
    },
  }),
);
const one = await registry.clientOf(1);
const two = await registry.clientOf(2);

function send(client: OciClient, method: string, path: string, body: unknown): Promise<OciResponse> {
  const headers = { 'content-type': 'application/json' };
  return client.request(method, path, { headers, body: JSON.stringify(body) });
}

/** Collects garbage by one worker again and again, until it is disposed. */
function collecting(client: OciClient): AsyncDisposable & { readonly runs: number } {
  const traffic = new Traffic();
  traffic.add(async () => {
    const { status } = await send(client, 'POST', '/v1/gc', {});
    if (status >= 500) throw new Error(`Collecting failed with ${status}`);
    if (status === 409) await sleep(5);
  });
  return {
    get runs() {
      return traffic.done;
    },
    async [Symbol.asyncDispose]() {
      await traffic.stop();
      expect(traffic.failures).toEqual([]);
    },
  };
}

/** Pauses between the parts of a body. */
async function* slowly(parts: readonly Uint8Array[], pauseMs: number): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    yield part;
    await sleep(pauseMs);
  }
}

test('blobs that are pushed again at one worker while the other collects them are there', async () => {
  await using _runs = collecting(await registry.clientOf(1));
  const blobs = Array.from({ length: 20 }, (_, at) => blobOf(seededBytes(`again ${at}`, 2_000)));
  const lost: string[] = [];
  let acknowledged = 0;
  // In the third round blobs of the first one are due.
  for (const end = performance.now() + 8_000; performance.now() < end; await sleep(300)) {
    for (const blob of blobs) {
      const begun = performance.now();
      expect((await two.pushBlob('again', blob, acknowledged % 2 === 0 ? 'stream' : 'post')).status).toBe(201);
      const found = await two.getBlob('again', blob.digest);
      // On a busy machine the promise may be over by now.
      if (performance.now() - begun > graceMs) continue;
      acknowledged += 1;
      if (found.status !== 200 || digestOf(found.body) !== blob.digest) lost.push(blob.digest);
      // Most are collected before they are pushed again.
      if (acknowledged % 3 === 0) await two.deleteBlob('again', blob.digest);
    }
  }
  expect(lost).toEqual([]);
  expect(acknowledged).toBeGreaterThan(20);
});

test('a wrong Content-Range at the other worker is rejected, and changes no byte of the upload under way', async () => {
  const content = seededBytes('takeover', 4 << 20);
  const half = 2 << 20;
  const location = locationOf(await one.startUpload('takeover'));
  const reached = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  async function* body(): AsyncGenerator<Uint8Array> {
    yield content.subarray(0, half);
    reached.resolve();
    await release.promise;
    yield content.subarray(half);
  }
  const first = one.patchUpload(location, Readable.from(body()));
  await reached.promise;
  const wrong = await two.patchUpload(location, Buffer.alloc(10), half);
  expect(wrong.status).toBe(416);
  release.resolve();
  expect((await first).status).toBe(202);
  expect((await one.finishUpload(location, digestOf(content))).status).toBe(201);
  expect(await two.hashBlob('takeover', digestOf(content))).toMatchObject({ status: 200, digest: digestOf(content) });
});

test('a PATCH that takes longer than an upload may rest is not reaped by the other worker', async () => {
  await using _runs = collecting(await registry.clientOf(1));
  const parts = Array.from({ length: 15 }, (_, at) => seededBytes(`slow ${at}`, 1 << 18));
  const location = locationOf(await two.startUpload('slow'));
  const patched = await two.patchUpload(location, Readable.from(slowly(parts, ttlMs / 5)));
  expect(patched.status).toBe(202);
  const digest = digestOf(Buffer.concat(parts));
  expect((await two.finishUpload(locationOf(patched), digest)).status).toBe(201);
  expect(await one.hashBlob('slow', digest)).toMatchObject({ status: 200, digest });
});

test('chunks may go to either worker, and the last request to any', async () => {
  const content = seededBytes('chunks', 3_000);
  let location = locationOf(await one.startUpload('chunks'));
  for (const [at, client] of [one, two, one].entries()) {
    const response = await client.patchUpload(location, content.subarray(at * 1_000, (at + 1) * 1_000), at * 1_000);
    expect([response.status, response.header('range')]).toEqual([202, `0-${at * 1_000 + 999}`]);
    location = locationOf(response);
  }
  expect((await two.uploadStatus(location)).header('range')).toBe('0-2999');
  expect((await two.finishUpload(location, digestOf(content))).status).toBe(201);
  expect((await one.getBlob('chunks', digestOf(content))).body.equals(Buffer.from(content))).toBe(true);
});

test('a tag that is moved by one worker is moved for the other one, each time', async () => {
  const images = await Promise.all(['a', 'b'].map((name) => buildImage({ layers: [seededBytes(name, 500)] })));
  for (const image of images) expect((await pushImage(one, 'moves', 'v1', image)).status).toBe(201);
  for (let turn = 0; turn < 50; turn += 1) {
    const [writer, reader] = turn % 2 === 0 ? [one, two] : [two, one];
    const { manifest } = images[turn % 2]!;
    expect((await writer.pushManifest('moves', 'v1', manifest)).status).toBe(201);
    expect((await reader.getManifest('moves', 'v1')).header('docker-content-digest')).toBe(manifest.digest);
  }
});

test('a rule that is changed by one worker is in force at the other one with the next request', async () => {
  const { username, password } = await registry.addAccount('reader');
  const image = await buildImage({ layers: [seededBytes('flips', 500)] });
  expect((await pushImage(one, 'flips', 'v1', image)).status).toBe(201);
  const reader = await registry.clientOf(2, { username, password });
  const rule = { priority: 1, effect: 'deny', actions: ['registry:pull'], repositories: ['flips'], roles: [] };
  const created = await send(one, 'POST', '/v1/policy/rules', { ...rule, description: 'flips' });
  expect(created.status).toBe(201);
  const path = `/v1/policy/rules/${created.json().id}`;
  for (let turn = 0; turn < 60; turn += 1) {
    const enabled = turn % 2 === 0;
    expect((await send(one, 'PATCH', path, { enabled })).status).toBe(200);
    expect((await reader.getManifest('flips', 'v1')).status).toBe(enabled ? 403 : 200);
  }
});

test('guesses of a password count together, whichever worker they reach', async () => {
  const { username } = await registry.addAccount('guessed');
  const statuses: number[] = [];
  for (let at = 0; at < 8; at += 1) {
    const login = { username, password: `guess ${at}` };
    statuses.push((await send(at % 2 === 0 ? one : two, 'POST', '/v1/auth/login', login)).status);
  }
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
});
