import { setImmediate } from 'node:timers/promises';
import { maxManifestSize, mediaTypes } from '@mcr/core';
import { blobOf, RawConnection, rawGet } from '@mcr/testkit';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { imageOf, pushBlobs } from '../_util/manifests.ts';
import { pollOptions } from '../_util/poll-options.ts';
import { type TestServer, testPassword } from '../_util/server.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const form = 'POST /v2/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n';
const login = 'POST /v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';

/** The head of a push of a manifest of that many bytes. */
async function pushOf(length: number, who: string, reference = 'v1'): Promise<string> {
  const { token } = await server().client(who).token();
  const head = `PUT /v2/app/manifests/${reference} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n`;
  return `${head}Content-Type: ${mediaTypes.ociManifest}\r\nContent-Length: ${length}\r\n\r\n`;
}

async function createRule(): Promise<string> {
  const { token } = await server().admin.token();
  const head = `POST /v1/policy/rules HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n`;
  return `${head}Content-Type: application/json\r\nContent-Length: 200\r\n\r\n`;
}

describe('a body that trickles', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each([
    ['of a token request', 30_000, async () => `${form}Content-Length: 9000\r\n\r\n`],
    ['of a token request in chunks', 30_000, async () => `${form}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n`],
    ['of a login', 30_000, async () => `${login}Content-Length: 9000\r\n\r\n`],
    ['of the admin API', 30_000, createRule],
    ['of a manifest', 60_000, () => pushOf(100_000, 'admin')],
  ])('%s is given up after %i ms, and its connection with it', async (_, ms, head) => {
    const start = await head();
    await using connection = await RawConnection.open(server());
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    const before = vi.getTimerCount();
    await connection.send(start);
    // `expect.poll` would let the faked time pass.
    while (vi.getTimerCount() === before) await setImmediate();
    vi.advanceTimersByTime(ms - 1);
    // The server has had time to close it.
    expect((await rawGet(server(), '/v1/health', { Host: 'localhost' })).status).toBe(200);
    expect(connection.ended).toBe(false);
    vi.advanceTimersByTime(1);
    await connection.closed();
    expect(connection.pending).toBe('');
  });
});

describe('before a login', () => {
  test.each([
    ['form', form],
    ['JSON', login],
  ])('a %s has at most 16 KiB', async (_, head) => {
    await using connection = await RawConnection.open(server());
    await connection.send(`${head}Content-Length: ${16 * 1024 + 1}\r\n\r\n`);
    await connection.send(Buffer.alloc(16 * 1024 + 1, ' '));
    expect((await connection.read()).status).toBe(413);
  });
});

describe('manifests that are being received', () => {
  const length = maxManifestSize;
  /** All of a manifest but its last byte. */
  const part = Buffer.alloc(length - 1, ' ');

  async function hold(head: string): Promise<RawConnection> {
    const connection = await RawConnection.open(server());
    await connection.send(head);
    void connection.send(part);
    return connection;
  }

  test('take a bounded part of memory, of which one account has no more than a quarter', async () => {
    await using held = new AsyncDisposableStack();
    await server().addAccount('busy');
    const { bodies } = server().context.services.limits;
    const head = await pushOf(length, 'busy');
    for (let count = 0; count < 8; count += 1) held.use(await hold(head));
    await expect.poll(() => bodies.held.bytes, pollOptions).toBe(8 * (length - 1));

    await using ninth = await hold(head);
    const rejection = await ninth.read();
    expect(rejection).toMatchObject({ status: 429, headers: { 'retry-after': '3' } });
    expect(JSON.parse(rejection.body)).toEqual({ errors: [{ code: 'TOOMANYREQUESTS', message: 'too many requests' }] });
    await pushAs(server(), 'admin');

    await held.disposeAsync();
    await expect.poll(() => bodies.held, pollOptions).toEqual({ bytes: 0, accounts: 0 });
    await pushAs(server(), 'busy');
  });
});

async function pushAs(current: TestServer, username: string): Promise<void> {
  const client = current.client({ username, password: testPassword });
  const config = blobOf('{}');
  await pushBlobs(client, 'app', config);
  expect((await client.pushManifest('app', username, imageOf(config))).status).toBe(201);
}
