import { readdir, readlink } from 'node:fs/promises';
import { digestOf, maxManifestSize } from '@mcr/core';
import { RawConnection, rawGet, seededBytes } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { pollOptions } from '../_util/poll-options.ts';
import { leavingNothing } from '../_util/traces.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const megabyte = 1024 * 1024;
const body = seededBytes('body', 5 * megabyte);
let admin: string;
let robot: string;
let session: string;

beforeAll(async () => {
  admin = (await server().admin.token()).token;
  await server().addAccount('robot', { type: 'system' });
  robot = (await server().client('robot').token()).token;
  session = (await server().admin.startUpload('app')).header('location')!;
});

/** The lines of a request, `Host` included. */
function head(line: string, token: string | undefined, ...headers: readonly string[]): string {
  const authorization = token === undefined ? [] : [`Authorization: Bearer ${token}`];
  return [`${line} HTTP/1.1`, 'Host: localhost', ...authorization, ...headers, '', ''].join('\r\n');
}

interface Rejected {
  readonly line: string;
  readonly token?: string;
  readonly headers?: readonly string[];
  readonly status: number;
}

/** Uploads that are rejected before anything of their body matters: by whom, and with what. */
const rejections: Record<string, () => Rejected> = {
  'without a token': () => ({ line: `PATCH ${session}`, status: 401 }),
  'with a bad token': () => ({ line: `PATCH ${session}`, token: 'bad', status: 401 }),
  'without the right to push': () => ({ line: `PATCH ${session}`, token: robot, status: 403 }),
  'to a session that is not there': () => ({ line: 'PATCH /v2/app/blobs/uploads/none', token: admin, status: 404 }),
  'to a repository that has no name': () => ({ line: 'PATCH /v2/NO/blobs/uploads/none', token: admin, status: 400 }),
  'out of order': () => ({
    line: `PATCH ${session}`,
    token: admin,
    headers: [`Content-Range: 7-${body.length + 6}`],
    status: 416,
  }),
  'with a range that is none': () => ({
    line: `PATCH ${session}`,
    token: admin,
    headers: ['Content-Range: x'],
    status: 400,
  }),
  'without a digest': () => ({ line: `PUT ${session}`, token: admin, status: 400 }),
  'of a manifest without the right to push': () => ({ line: 'PUT /v2/app/manifests/v1', token: robot, status: 403 }),
  'of a manifest under a bad tag': () => ({ line: 'PUT /v2/app/manifests/-v1', token: admin, status: 400 }),
  'on a path that is none': () => ({ line: 'PUT /v2/app', token: admin, status: 404 }),
  'on a path with two meanings': () => ({ line: 'PUT /v2//app/manifests/v1', token: admin, status: 400 }),
};
const largeManifest = (): Rejected => ({ line: 'PUT /v2/app/manifests/v1', token: admin, status: 413 });

describe('Expect: 100-continue costs no body when the upload is rejected', () => {
  test.each(Object.entries({ ...rejections, 'of a manifest that is too large': largeManifest }))(
    '%s',
    async (_, given) => {
      const { line, token, headers = [], status } = given();
      await leavingNothing(server(), async () => {
        await using connection = await RawConnection.open(server());
        await connection.send(head(line, token, ...headers, `Content-Length: ${body.length}`, 'Expect: 100-continue'));
        const response = await connection.read();
        expect(response.status, 'the first response, with no 100 before it').toBe(status);
        expect(response.headers['connection']).toBe('close');
        await connection.closed();
        expect(connection.pending).toBe('');
      });
    },
  );
});

describe('Expect: 100-continue gets its 100 once the upload is allowed', () => {
  test('for a blob', async () => {
    const upload = (await server().admin.startUpload('app')).header('location');
    await using connection = await RawConnection.open(server());
    const line = `PUT ${upload}?digest=${digestOf(body)}`;
    await connection.send(head(line, admin, `Content-Length: ${body.length}`, 'Expect: 100-continue'));
    expect((await connection.read()).status).toBe(100);
    await connection.send(body);
    expect((await connection.read()).status).toBe(201);
    await connection.send(head('GET /v2/', admin));
    expect((await connection.read()).status, 'the connection can be used again').toBe(200);
  });

  test('for a manifest, an empty chunked body included', async () => {
    await using connection = await RawConnection.open(server());
    await connection.send(
      head('PUT /v2/app/manifests/v1', admin, 'Transfer-Encoding: chunked', 'Expect: 100-continue'),
    );
    expect((await connection.read()).status).toBe(100);
    await connection.send('0\r\n\r\n');
    expect((await connection.read()).status).toBe(400);
  });

  test('for a token request', async () => {
    await using connection = await RawConnection.open(server());
    const type = 'Content-Type: application/x-www-form-urlencoded';
    await connection.send(head('POST /v2/token', undefined, type, 'Content-Length: 4', 'Expect: 100-continue'));
    expect((await connection.read()).status).toBe(100);
    await connection.send('a=bc');
    expect((await connection.read()).status).toBe(404);
  });
});

describe('a client that sends the whole body of a rejected upload reads the response after it', () => {
  test.each(Object.entries(rejections))('%s', async (_, given) => {
    const { line, token, headers = [], status } = given();
    await leavingNothing(server(), async () => {
      await using connection = await RawConnection.open(server());
      await connection.send(head(line, token, ...headers, `Content-Length: ${body.length}`));
      await connection.send(body.subarray(0, megabyte));
      for (let at = 0; at < 3; at += 1) await rawGet(server(), '/v2/', { host: 'localhost' });
      expect(connection.pending, 'no response before the body has been read').toBe('');
      await connection.send(body.subarray(megabyte));
      const response = await connection.read();
      expect(response.status, response.body).toBe(status);
      expect(JSON.parse(response.body).errors).toHaveLength(1);
    });
  });

  test.each([
    ['with a Content-Length', `Content-Length: ${body.length}`, (bytes: Buffer) => bytes],
    ['in chunks', 'Transfer-Encoding: chunked', inChunks],
  ])('of a manifest that is too large, %s', async (_, header, frame) => {
    expect(body.length).toBeGreaterThan(maxManifestSize);
    await leavingNothing(server(), async () => {
      await using connection = await RawConnection.open(server());
      await connection.send(head('PUT /v2/app/manifests/v1', admin, header));
      await connection.send(frame(body));
      const response = await connection.read();
      expect(response.status, response.body).toBe(413);
      expect(JSON.parse(response.body).errors[0].code).toBe('SIZE_INVALID');
    });
  });

  test('unless it never ends: then the connection is closed on it', async () => {
    await using connection = await RawConnection.open(server());
    await connection.send(head('PUT /v2/app/manifests/v1', robot, 'Transfer-Encoding: chunked'));
    const chunk = inChunks(body, false);
    let sent = 0;
    while (!connection.ended && connection.pending === '') {
      await connection.send(chunk);
      sent += chunk.length;
    }
    expect(sent).toBeLessThan(200 * megabyte);
    expect((await connection.read()).status).toBe(403);
  });
});

/** Frames bytes as chunks of 64 KiB; without an end, more may follow. */
function inChunks(bytes: Buffer, ends = true): Buffer {
  const parts: (Buffer | string)[] = [];
  for (let at = 0; at < bytes.length; at += 65_536) {
    const part = bytes.subarray(at, at + 65_536);
    parts.push(`${part.length.toString(16)}\r\n`, part, '\r\n');
  }
  if (ends) parts.push('0\r\n\r\n');
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

describe('one connection', () => {
  test('serves request after request: found, rejected, created, bodiless', async () => {
    await using connection = await RawConnection.open(server());
    const ask = async (line: string, token?: string, length?: number) => {
      const headers = length === undefined ? [] : [`Content-Length: ${length}`];
      await connection.send(head(line, token, ...headers) + 'x'.repeat(length ?? 0));
      return await connection.read({ head: line.startsWith('HEAD') });
    };
    expect((await ask('GET /v2/', admin)).status).toBe(200);
    expect((await ask('GET /v2/')).status).toBe(401);
    expect((await ask('HEAD /v2/app/manifests/none', admin)).status).toBe(404);
    expect((await ask('POST /v2/app/blobs/uploads/', admin, 0)).status).toBe(202);
    expect((await ask(`POST /v2/app/blobs/uploads/?digest=${digestOf('x')}`, admin, 1)).status).toBe(201);
    expect((await ask(`HEAD /v2/app/blobs/${digestOf('x')}`, admin)).status).toBe(200);
    const blob = await ask(`GET /v2/app/blobs/${digestOf('x')}`, admin);
    expect(blob.body).toBe('x');
    expect(connection.pending).toBe('');
  });

  test('serves requests that were sent at once, in their order', async () => {
    await using connection = await RawConnection.open(server());
    const lines = ['GET /v2/', 'GET /v2/app/tags/list', 'GET /v2/none', 'GET /v2/'];
    await connection.send(lines.map((line) => head(line, admin)).join(''));
    const statuses: number[] = [];
    for (const _ of lines) statuses.push((await connection.read()).status);
    expect(statuses).toEqual([200, 200, 404, 200]);
  });
});

test.skipIf(process.platform !== 'linux')('downloads that are cut off leave no file open', async () => {
  const openBlobs = async (): Promise<number> => {
    const names = await readdir('/proc/self/fd');
    const targets = await Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
    return targets.filter((target) => target.startsWith(`${server().directory}/layers/sha256/`)).length;
  };
  await server().admin.pushBlob('app', { digest: digestOf(body), size: body.length, mediaType: 'x', content: body });
  for (let at = 0; at < 10; at += 1) {
    await using connection = await RawConnection.open(server());
    await connection.send(head(`GET /v2/app/blobs/${digestOf(body)}`, admin));
    if (at % 2 === 0) await expect.poll(() => connection.pending.length, pollOptions).toBeGreaterThan(0);
  }
  await expect.poll(openBlobs, pollOptions).toBe(0);
});
