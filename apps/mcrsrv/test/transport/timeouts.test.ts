import { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { digestOf } from '@mcr/core';
import { InFlight } from '@mcr/server-kit';
import { blobOf, locationOf, RawConnection, seededBytes, tempDirectory } from '@mcr/testkit';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createRegistryListener } from '../../src/listeners.ts';
import { pushBlobs } from '../_util/manifests.ts';
import { pollOptions } from '../_util/poll-options.ts';
import { startTestServer } from '../_util/server.ts';
import { useServer } from '../_util/use-server.ts';

/** Longer than any test may take: what ends a connection here is the one time that a test makes short. */
const never = { MCR_SERVER_READ_TIMEOUT: '10m', MCR_SERVER_WRITE_TIMEOUT: '10m', MCR_SERVER_IDLE_TIMEOUT: '10m' };
const get = 'GET /v2/ HTTP/1.1\r\nHost: localhost\r\n';

test('headers that do not come to their end are 408, and nothing else is waited for', async () => {
  await using server = await startTestServer({ env: { ...never, MCR_SERVER_READ_TIMEOUT: '100ms' } });
  await using connection = await RawConnection.open(server);
  await connection.send(get);
  expect((await connection.read()).status).toBe(408);
  await connection.closed();
});

test.each([
  ['before a request', ''],
  ['within the headers of one', get],
])('a connection on which nothing is sent is closed: %s', async (_when, bytes) => {
  await using server = await startTestServer({ env: { ...never, MCR_SERVER_IDLE_TIMEOUT: '100ms' } });
  await using connection = await RawConnection.open(server);
  await connection.send(bytes);
  await connection.closed();
  expect(connection.pending).toBe('');
});

test('a response that is not read is aborted after the time to write one', async () => {
  await using directory = await tempDirectory();
  // More than all the buffers on the way hold together.
  const blob = blobOf(seededBytes('unread', 32 * 1024 * 1024));
  let token = '';
  {
    await using filling = await startTestServer({ directory: directory.path, env: never });
    await pushBlobs(filling.admin, 'app', blob);
    ({ token } = await filling.admin.token());
  }
  const env = { ...never, MCR_SERVER_WRITE_TIMEOUT: '100ms' };
  await using server = await startTestServer({ directory: directory.path, env });
  await using connection = await RawConnection.open(server);
  connection.socket.pause();
  await connection.send(
    `GET /v2/app/blobs/${blob.digest} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  );
  await expect.poll(() => server.logLines.some((line) => line.includes('"aborted":true')), pollOptions).toBe(true);
  connection.socket.resume();
  await connection.closed();
  expect(connection.pending.length).toBeLessThan(blob.size);
});

describe('an upload', () => {
  const server = useServer({ env: never });
  const minute = 60_000;
  /** What must come in a minute. */
  const enough = Buffer.alloc(16 * 1024 * 60);

  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  /** Counts the bytes of bodies of PATCH as they come. */
  function countUploaded(): () => number {
    let received = 0;
    const push: typeof IncomingMessage.prototype.push = Reflect.get(IncomingMessage.prototype, 'push');
    // At once: what was written is given back, and has no length then.
    vi.spyOn(IncomingMessage.prototype, 'push').mockImplementation(function (this: IncomingMessage, chunk, encoding) {
      if (this.method === 'PATCH') received += chunk?.length ?? 0;
      return push.call(this, chunk, encoding);
    });
    return () => received;
  }

  test('may take any time as a whole', () => {
    // Node would allow five minutes.
    expect(createRegistryListener(server().context, new InFlight()).requestTimeout).toBe(0);
  });

  test('goes on while enough comes in each minute, is given up when it does not, and keeps what it had', async () => {
    const location = locationOf(await server().admin.startUpload('app'));
    const { sessions } = server().context.services;
    const received = countUploaded();
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const body = new PassThrough();
    const patched = server().admin.patchUpload(location, body);
    const rejected = expect(patched).rejects.toThrow();
    for (const minutes of [1, 2, 3]) {
      body.write(enough);
      await expect.poll(received, pollOptions).toBe(minutes * enough.length);
      vi.advanceTimersByTime(minute);
      expect(sessions.active).toBe(1);
    }
    body.write(enough.subarray(1));
    await expect.poll(received, pollOptions).toBe(4 * enough.length - 1);
    vi.advanceTimersByTime(minute);
    await rejected;
    await expect.poll(() => sessions.active, pollOptions).toBe(0);
    vi.useRealTimers();

    const size = 4 * enough.length - 1;
    expect((await server().admin.uploadStatus(location)).header('range')).toBe(`0-${size - 1}`);
    const done = await server().admin.finishUpload(location, digestOf(Buffer.alloc(size)));
    expect(done.status, done.text()).toBe(201);
  });
});

test('idle connections are kept for longer than the 90 s for which Go clients use them again', async () => {
  await using server = await startTestServer();
  const response = await server.admin.request('GET', '/v2/');
  expect(response.header('connection')).toBe('keep-alive');
  expect(Number(/timeout=(\d+)/.exec(response.header('keep-alive') ?? '')?.[1])).toBeGreaterThan(90);
});
