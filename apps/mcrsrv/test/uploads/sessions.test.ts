import { stat } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { digestOf } from '@mcr/core';
import {
  blobOf,
  locationOf,
  type OciClient,
  type OciResponse,
  pieceFile,
  RawConnection,
  seededBytes,
} from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectBodyless, expectError } from '../_util/errors.ts';
import { pollOptions } from '../_util/poll-options.ts';
import { leavingNothing, tracesOf } from '../_util/traces.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const megabyte = 1024 * 1024;

async function begin(name = 'app'): Promise<string> {
  return locationOf(await server().admin.startUpload(name));
}

/** Bytes on disk of the upload that a location names. */
async function fileSize(location: string): Promise<number> {
  const file = pieceFile(server().directory, location.split('/').at(-1)!);
  return file === undefined ? 0 : (await stat(file)).size;
}

/** A PATCH whose first megabyte the server has written, and whose body does not end. */
async function hang(location: string, bytes: Buffer): Promise<{ patched: Promise<OciResponse>; body: PassThrough }> {
  const body = new PassThrough();
  const patched = server().admin.patchUpload(location, body);
  patched.catch(() => {});
  body.write(bytes);
  await expect.poll(() => fileSize(location), pollOptions).toBeGreaterThanOrEqual(megabyte);
  return { patched, body };
}

function end(range: string | undefined): number {
  return Number(/^0-(\d+)$/.exec(range ?? '')?.[1]);
}

describe('a second request on a session', () => {
  const bytes = seededBytes('taken over', 3 * megabyte);

  test('releases a hanging PATCH, which keeps what it got, and is told the true offset', async () => {
    const location = await begin();
    const { patched } = await hang(location, bytes.subarray(0, 2 * megabyte));
    const second = await server().admin.patchUpload(location, 'from the start again', 0);
    expectError(second, 416, 'BLOB_UPLOAD_INVALID');
    await expect(patched).rejects.toThrow();

    const offset = end(second.header('range')) + 1;
    expect(offset).toBeGreaterThanOrEqual(megabyte);
    expect(offset).toBeLessThanOrEqual(2 * megabyte);
    expect((await server().admin.uploadStatus(location)).header('range')).toBe(`0-${offset - 1}`);
    const rest = await server().admin.patchUpload(location, bytes.subarray(offset), offset);
    expect(rest.status, rest.text()).toBe(202);
    expect((await server().admin.finishUpload(location, digestOf(bytes))).status).toBe(201);
  });

  test('that asks for the status disturbs no other', async () => {
    const location = await begin();
    const { patched, body } = await hang(location, bytes.subarray(0, 2 * megabyte));
    expectBodyless(await server().admin.uploadStatus(location), 204);
    body.end(bytes.subarray(2 * megabyte));
    expect((await patched).header('range')).toBe(`0-${bytes.length - 1}`);
    expect((await server().admin.finishUpload(location, digestOf(bytes))).status).toBe(201);
  });

  test('that cancels it ends the first, and nothing stays', async () => {
    await leavingNothing(server(), async () => {
      const location = await begin();
      const { patched } = await hang(location, bytes);
      expectBodyless(await server().admin.cancelUpload(location), 204);
      await expect(patched).rejects.toThrow();
      expectError(await server().admin.uploadStatus(location), 404, 'BLOB_UPLOAD_UNKNOWN');
    });
  });

  test('that cancels it gets through any number of others that came at once and hang', async () => {
    const location = await begin();
    const bodies = Array.from({ length: 8 }, () => new PassThrough());
    const patches = bodies.map((body) => server().admin.patchUpload(location, body));
    const ended = Promise.allSettled(patches);
    for (const body of bodies) body.write('x');
    await expect.poll(() => server().context.services.sessions.active, pollOptions).toBe(1);
    expectBodyless(await server().admin.cancelUpload(location), 204);
    for (const body of bodies) body.end();
    const statuses = (await ended).map((it) => (it.status === 'fulfilled' ? it.value.status : 0));
    expect(statuses.filter((status) => status !== 0 && status !== 404)).toEqual([]);
  });

  test('of ten at once: each gets a plain response, and the bytes are those of the ones that were taken', async () => {
    const location = await begin();
    const patches = Array.from({ length: 10 }, () => server().admin.patchUpload(location, 'ten bytes.', 0));
    const statuses = (await Promise.allSettled(patches)).map((it) => (it.status === 'fulfilled' ? it.value.status : 0));
    expect(statuses.filter((status) => status !== 0 && status !== 202 && status !== 416)).toEqual([]);
    const status = await server().admin.uploadStatus(location);
    expectBodyless(status, 204);
    const taken = status.header('range') === '0-9' ? '' : 'ten bytes.';
    expect((await server().admin.finishUpload(location, digestOf('ten bytes.'), taken)).status).toBe(201);
  });

  test('of two that close it: one gets 201, the other 201 or 404 or nothing', async () => {
    const location = await begin();
    await server().admin.patchUpload(location, 'closed twice');
    const closing = [0, 1].map(() => server().admin.finishUpload(location, digestOf('closed twice')));
    const statuses = (await Promise.allSettled(closing)).map((it) => (it.status === 'fulfilled' ? it.value.status : 0));
    expect(statuses).toContain(201);
    expect(statuses.filter((status) => ![0, 201, 404].includes(status))).toEqual([]);
  });
});

describe('CVE-2026-32589: a session is its account’s and its repository’s alone', () => {
  let bob: OciClient;

  beforeAll(async () => {
    await server().addAccount('bob');
    bob = server().client('bob');
  });

  /** Every verb on it is the 404 of a session that never was. */
  async function expectUnknown(client: OciClient, location: string): Promise<void> {
    const unknown = location.replace(/[^/]+$/, '00000000-0000-4000-8000-000000000000');
    const verbs = (path: string) => [
      client.uploadStatus(path),
      client.patchUpload(path, 'stolen', 0),
      client.patchUpload(path, 'stolen', 99),
      client.finishUpload(path, digestOf('stolen'), 'stolen'),
      client.finishUpload(path, digestOf('kept')),
      client.cancelUpload(path),
    ];
    const [responses, others] = await Promise.all([Promise.all(verbs(location)), Promise.all(verbs(unknown))]);
    for (const [at, response] of responses.entries()) {
      expectError(response, 404, 'BLOB_UPLOAD_UNKNOWN');
      const id = location.split('/').at(-1)!;
      expect(response.text().replace(id, '')).toBe(others[at]!.text().replace(/0{8}-[-0-9]+/, ''));
    }
  }

  test('another account gets 404 from every verb, and the session is as it was', async () => {
    const location = await begin();
    await server().admin.patchUpload(location, 'kept', 0);
    await expectUnknown(bob, location);
    expect((await server().admin.uploadStatus(location)).header('range')).toBe('0-3');
    expect((await server().admin.finishUpload(location, digestOf('kept'))).status).toBe(201);
  });

  test('the same account gets 404 under another repository, and the session is as it was', async () => {
    const location = await begin();
    await server().admin.patchUpload(location, 'kept', 0);
    await begin('app/other');
    for (const name of ['app/other', 'app/unknown', 'ap']) {
      await expectUnknown(server().admin, location.replace('/v2/app/', `/v2/${name}/`));
    }
    expect((await server().admin.finishUpload(location, digestOf('kept'))).status).toBe(201);
  });

  test('no one else can break off its requests', async () => {
    const location = await begin();
    const bytes = seededBytes('undisturbed', 2 * megabyte);
    const { patched, body } = await hang(location, bytes);
    await expectUnknown(bob, location);
    await expectUnknown(server().admin, location.replace('/v2/app/', '/v2/app/other/'));
    body.end('!');
    expect((await patched).header('range')).toBe(`0-${bytes.length}`);
    await server().admin.cancelUpload(location);
  });
});

describe('a connection that breaks', () => {
  /** Sends the head of an upload and a part of its body, and hangs up once the server has written some of it. */
  async function breakOff(line: string, length: number, bytes: Buffer, written: () => Promise<boolean>): Promise<void> {
    const { token } = await server().admin.token();
    await using connection = await RawConnection.open(server());
    const head = [line, 'Host: localhost', `Authorization: Bearer ${token}`, `Content-Length: ${length}`, '', ''];
    await connection.send(head.join('\r\n'));
    await connection.send(bytes);
    await expect.poll(written, pollOptions).toBe(true);
  }

  test('in the middle of a PATCH keeps what was acknowledged and what came since, and the upload goes on', async () => {
    const bytes = seededBytes('broken', 5 * megabyte);
    const location = await begin();
    expect((await server().admin.patchUpload(location, bytes.subarray(0, megabyte), 0)).status).toBe(202);
    const line = `PATCH ${location} HTTP/1.1`;
    const part = bytes.subarray(megabyte, 4 * megabyte);
    await breakOff(line, 4 * megabyte, part, async () => (await fileSize(location)) > 2 * megabyte);

    const offset = async (): Promise<number> => end((await server().admin.uploadStatus(location)).header('range')) + 1;
    await expect.poll(offset, pollOptions).toBeGreaterThan(megabyte);
    const at = await offset();
    expect((await server().admin.patchUpload(location, bytes.subarray(at), at)).status).toBe(202);
    expect((await server().admin.finishUpload(location, digestOf(bytes))).status).toBe(201);
    expect((await server().admin.getBlob('app', digestOf(bytes))).body.equals(bytes)).toBe(true);
  });

  test('in the middle of a PUT keeps the session, and the upload goes on', async () => {
    const bytes = seededBytes('broken put', 3 * megabyte);
    const location = await begin();
    const line = `PUT ${location}?digest=${digestOf(bytes)} HTTP/1.1`;
    await breakOff(line, bytes.length, bytes.subarray(0, 2 * megabyte), async () => (await fileSize(location)) > 0);

    const offset = async (): Promise<number> => end((await server().admin.uploadStatus(location)).header('range')) + 1;
    await expect.poll(offset, pollOptions).toBeGreaterThan(1);
    const done = await server().admin.finishUpload(location, digestOf(bytes), bytes.subarray(await offset()));
    expect(done.status, done.text()).toBe(201);
  });

  test('in the middle of a single POST leaves nothing', async () => {
    const before = await tracesOf(server());
    const bytes = seededBytes('broken post', 3 * megabyte);
    const line = `POST /v2/app/blobs/uploads/?digest=${digestOf(bytes)} HTTP/1.1`;
    const isThere = async (): Promise<boolean> =>
      (await tracesOf(server())).uploadFiles.length > before.uploadFiles.length;
    await breakOff(line, bytes.length, bytes.subarray(0, 2 * megabyte), isThere);
    await expect.poll(() => tracesOf(server()), pollOptions).toEqual(before);
  });

  test('in the middle of a manifest leaves nothing', async () => {
    await leavingNothing(server(), async () => {
      await breakOff('PUT /v2/app/manifests/broken HTTP/1.1', 1_000, Buffer.from('{"schema'), async () => true);
      expectError(await server().admin.getManifest('app', 'broken'), 404, 'MANIFEST_UNKNOWN');
    });
  });
});

test.each(['put', 'post', 'stream', { chunkSize: 3 }] as const)(
  'a digest that is not that of the bytes, by %j, leaves nothing',
  async (mode) => {
    await leavingNothing(server(), async () => {
      const wrong = { ...blobOf('the bytes'), digest: digestOf('not the bytes') };
      expectError(await server().admin.pushBlob('app', wrong, mode), 400, 'DIGEST_INVALID');
    });
  },
);

test('clients that push the same blob at once all succeed, and it is stored once', async () => {
  const before = await tracesOf(server());
  const blob = blobOf(seededBytes('raced for', 2 * megabyte));
  const modes = ['put', 'post', 'stream', { chunkSize: 500_000 }] as const;
  const pushes = modes.flatMap((mode) =>
    ['app', 'race/one', 'race/two'].map((name) => server().admin.pushBlob(name, blob, mode)),
  );
  for (const response of await Promise.all(pushes)) expect(response.status, response.text()).toBe(201);
  const after = await tracesOf(server());
  expect(after.blobs).toBe(before.blobs + 1);
  expect(after.layerFiles.length).toBe(before.layerFiles.length + 1);
  expect(after.uploadFiles).toEqual(before.uploadFiles);
  for (const name of ['app', 'race/one', 'race/two']) {
    expect((await server().admin.hashBlob(name, blob.digest)).digest).toBe(blob.digest);
  }
});
