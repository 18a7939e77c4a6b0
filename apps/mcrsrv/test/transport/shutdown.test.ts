import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { digestOf } from '@mcr/core';
import {
  blobOf,
  createOciClient,
  locationOf,
  type OciClient,
  RawConnection,
  seededBytes,
  tempDirectory,
} from '@mcr/testkit';
import { expect, test, vi } from 'vitest';
import { pollOptions } from '../_util/poll-options.ts';
import { startTestServer, type TestServer, testPassword } from '../_util/server.ts';

/** Longer than any of these tests may take: whatever waits for it fails. */
const never = { MCR_SERVER_SHUTDOWN_TIMEOUT: '10m' };

/** A client that the end of the server does not close. */
function clientOf({ baseUrl, ca }: TestServer): OciClient {
  return createOciClient({ baseUrl, ca, username: 'admin', password: testPassword });
}

async function expectRejectsConnections(server: TestServer): Promise<void> {
  await expect(RawConnection.open(server)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
}

test('a slow download is finished, while no one else is let in', async () => {
  await using server = await startTestServer({ env: never });
  await using client = clientOf(server);
  // More than all the buffers on the way hold together.
  const blob = blobOf(seededBytes('download', 32 * 1024 * 1024));
  expect((await client.pushBlob('app', blob)).status).toBe(201);
  const download = await client.open('GET', `/v2/app/blobs/${blob.digest}`);
  const stopped = server[Symbol.asyncDispose]();
  await expectRejectsConnections(server);
  const chunks: Buffer[] = [];
  for await (const chunk of download.body as AsyncIterable<Buffer>) chunks.push(chunk);
  expect(digestOf(Buffer.concat(chunks))).toBe(blob.digest);
  await stopped;
});

test('a slow upload is finished and acknowledged, and is there after the restart', async () => {
  await using directory = await tempDirectory();
  await using server = await startTestServer({ env: never, directory: directory.path });
  await using client = clientOf(server);
  const location = locationOf(await client.startUpload('app'));
  const body = new PassThrough();
  const finished = client.finishUpload(location, digestOf('before and after'), body);
  body.write('before ');
  await expect.poll(() => server.context.services.sessions.active, pollOptions).toBe(1);
  const stopped = server[Symbol.asyncDispose]();
  await expectRejectsConnections(server);
  body.end('and after');
  expect((await finished).status).toBe(201);
  await stopped;

  await using restarted = await startTestServer({ directory: directory.path });
  expect((await restarted.admin.getBlob('app', digestOf('before and after'))).text()).toBe('before and after');
});

test('idle connections and open sessions hold nothing up', async () => {
  await using server = await startTestServer({ env: never });
  await using client = clientOf(server);
  expect((await client.startUpload('app')).status).toBe(202);
  await using idle = await RawConnection.open(server);
  await using used = await RawConnection.open(server);
  await used.send('GET /v2/ HTTP/1.1\r\nHost: localhost\r\n\r\n');
  expect((await used.read()).status).toBe(401);
  await server[Symbol.asyncDispose]();
  await idle.closed();
  await used.closed();
});

test('a transfer that does not end is cut off after the time to shut down, and keeps what it had', async () => {
  await using directory = await tempDirectory();
  await using server = await startTestServer({ env: { MCR_SERVER_SHUTDOWN_TIMEOUT: '1s' }, directory: directory.path });
  await using client = clientOf(server);
  const location = locationOf(await client.startUpload('app'));
  const body = new PassThrough();
  // As much as is written at once: less is held until more comes, or no more.
  const kept = seededBytes('kept', 128 * 1024);
  const patched = client.patchUpload(location, body);
  const cut = expect(patched).rejects.toThrow();
  const { space, store } = server.context.services;
  const take = vi.spyOn(space.blobs, 'take');
  // What is left to do when the client is gone takes its time.
  const advance = store.uploads.advance.bind(store.uploads);
  vi.spyOn(store.uploads, 'advance').mockImplementation(async (input) => {
    await cut;
    for (let turn = 0; turn < 100; turn += 1) await setImmediate();
    return await advance(input);
  });
  body.write(kept);
  const taken = () => take.mock.calls.reduce((sum, [bytes]) => sum + bytes, 0);
  await expect.poll(taken, pollOptions).toBe(kept.length);
  await server[Symbol.asyncDispose]();

  await using restarted = await startTestServer({ directory: directory.path });
  const status = await restarted.admin.uploadStatus(location);
  expect(status.status).toBe(204);
  expect(status.header('range')).toBe(`0-${kept.length - 1}`);
  const whole = digestOf(Buffer.concat([kept, Buffer.from(' on')]));
  expect((await restarted.admin.finishUpload(location, whole, ' on')).status).toBe(201);
});

test('events that were queued are written before the end', async () => {
  await using directory = await tempDirectory();
  const server = await startTestServer({ env: never, directory: directory.path });
  const client = clientOf(server);
  for (let at = 0; at < 20; at += 1) await client.request('GET', '/v2/app/manifests/none');
  const config = blobOf('{}');
  await client.pushBlob('app', config);
  const manifest = JSON.stringify({ schemaVersion: 2, config, layers: [] });
  await client.request('PUT', '/v2/app/manifests/v1', { body: manifest });
  for (let at = 0; at < 10; at += 1) expect((await client.getManifest('app', 'v1')).status).toBe(200);
  await client[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();

  await using restarted = await startTestServer({ directory: directory.path });
  expect(await restarted.audit('manifest_pulled')).toHaveLength(10);
});
