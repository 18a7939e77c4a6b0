import { appendFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, digestOf } from '@mcr/core';
import { locationOf, type OciResponse, pieceFile, type TempDirectory, tempDirectory } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectBodyless, expectError } from '../_util/errors.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';

let directory: TempDirectory;
let server: TestServer;

beforeAll(async () => {
  directory = await tempDirectory();
  server = await startTestServer({ directory: directory.path });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await directory[Symbol.asyncDispose]();
});

/** Ends the registry, lets the test touch its files, and starts it again on the same directory. */
async function restart(between: () => Promise<void> = async () => {}): Promise<void> {
  await server[Symbol.asyncDispose]();
  await between();
  server = await startTestServer({ directory: directory.path });
}

/** An upload with these bytes acknowledged. */
async function uploadOf(content: string): Promise<{ location: string; file: string }> {
  const location = locationOf(await server.admin.startUpload('app'));
  if (content !== '') expect((await server.admin.patchUpload(location, content, 0)).status).toBe(202);
  const id = location.split('/').at(-1)!;
  return { location, file: pieceFile(directory.path, id) ?? join(directory.path, 'uploads', id) };
}

async function expectRange(location: string, range: string): Promise<void> {
  const response = await server.admin.uploadStatus(location);
  expectBodyless(response, 204);
  expect(response.header('range')).toBe(range);
}

async function expectBlob(response: OciResponse, digest: Digest, content: string): Promise<void> {
  expect(response.status, response.text()).toBe(201);
  expect((await server.admin.getBlob('app', digest)).text()).toBe(content);
}

describe('after a restart', () => {
  test('an upload is where it was, and goes on', async () => {
    const { location } = await uploadOf('before ');
    await restart();
    await expectRange(location, '0-6');
    expectError(await server.admin.patchUpload(location, 'x', 0), 416, 'BLOB_UPLOAD_INVALID');
    expect((await server.admin.patchUpload(location, 'after', 7)).header('range')).toBe('0-11');
    await restart();
    const digest = digestOf('before after, and again');
    const done = await server.admin.finishUpload(location, digest, ', and again');
    await expectBlob(done, digest, 'before after, and again');
  });

  test('an upload without a byte goes on as well', async () => {
    const { location } = await uploadOf('');
    await restart();
    await expectRange(location, '0-0');
    const digest = digestOf('from nothing');
    await expectBlob(await server.admin.finishUpload(location, digest, 'from nothing'), digest, 'from nothing');
  });

  test.each(['sha256', 'sha512'] as const)('an empty PUT closes it under %s', async (algorithm) => {
    const content = `closed under ${algorithm}`;
    const { location } = await uploadOf(content);
    await restart();
    const digest = digestOf(content, algorithm);
    await expectBlob(await server.admin.finishUpload(location, digest), digest, content);
  });

  test('an empty PUT with another digest is rejected and leaves nothing', async () => {
    const { location } = await uploadOf('not this');
    await restart();
    expectError(await server.admin.finishUpload(location, digestOf('but that')), 400, 'DIGEST_INVALID');
    expectError(await server.admin.uploadStatus(location), 404, 'BLOB_UPLOAD_UNKNOWN');
    expectError(await server.admin.getBlob('app', digestOf('not this')), 404, 'BLOB_UNKNOWN');
  });

  test('it still belongs to the account that began it', async () => {
    const { location } = await uploadOf('mine');
    await server.addAccount('bob');
    await restart();
    expectError(await server.client('bob').uploadStatus(location), 404, 'BLOB_UPLOAD_UNKNOWN');
  });
});

describe('bytes that were changed on disk while the registry was down, in the same length', () => {
  test('are not read again by an empty PUT: the row has the digest of what was acknowledged', async () => {
    const { location, file } = await uploadOf('original');
    await restart(() => writeFile(file, 'tampered'));
    expectError(await server.admin.finishUpload(location, digestOf('tampered')), 400, 'DIGEST_INVALID');

    const again = await uploadOf('original');
    await restart(() => writeFile(again.file, 'tampered'));
    expect((await server.admin.finishUpload(again.location, digestOf('original'))).status).toBe(201);
  });

  test('are noticed when more is to come, since the hash then needs them', async () => {
    const { location, file } = await uploadOf('original 1');
    await restart(() => writeFile(file, 'tampered 1'));
    expect((await server.admin.patchUpload(location, ' more', 10)).status).toBe(202);
    expectError(await server.admin.finishUpload(location, digestOf('original 1 more')), 400, 'DIGEST_INVALID');
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('are noticed under sha512, which is not kept in the row', async () => {
    const { location, file } = await uploadOf('original 2');
    await restart(() => writeFile(file, 'tampered 2'));
    const digest = digestOf('original 2', 'sha512');
    expectError(await server.admin.finishUpload(location, digest), 400, 'DIGEST_INVALID');
  });
});

describe('where a crash left row and file apart, the shorter wins:', () => {
  test('a longer file is not made a blob, but the bytes of it that were acknowledged', async () => {
    const { location, file } = await uploadOf('acknowledged');
    await restart(() => appendFile(file, ' and not acknowledged'));
    await expectRange(location, '0-11');
    const digest = digestOf('acknowledged');
    await expectBlob(await server.admin.finishUpload(location, digest), digest, 'acknowledged');
  });

  test('a longer file is left alone, and a PATCH goes on behind what was acknowledged', async () => {
    const { location, file } = await uploadOf('acknowledged');
    await restart(() => appendFile(file, ' and not acknowledged'));
    expect((await server.admin.patchUpload(location, '.', 12)).header('range')).toBe('0-12');
    const digest = digestOf('acknowledged.');
    await expectBlob(await server.admin.finishUpload(location, digest), digest, 'acknowledged.');
  });

  test('a file of an upload that has nothing acknowledged is none of its bytes', async () => {
    const { location, file } = await uploadOf('');
    await restart(() => appendFile(file, 'never acknowledged'));
    await expectRange(location, '0-0');
    const digest = digestOf('fresh');
    await expectBlob(await server.admin.finishUpload(location, digest, 'fresh'), digest, 'fresh');
  });

  test('a shorter file is where the client is sent back to', async () => {
    const { location, file } = await uploadOf('acknowledged, but lost');
    await restart(() => truncate(file, 12));
    // No file is opened to say where an upload stands.
    await expectRange(location, '0-21');
    const rejected = await server.admin.patchUpload(location, '...', 22);
    expectError(rejected, 416, 'BLOB_UPLOAD_INVALID');
    expect(rejected.header('range')).toBe('0-11');
    await expectRange(location, '0-11');
    const digest = digestOf('acknowledged, and sent again');
    const done = await server.admin.finishUpload(location, digest, ', and sent again');
    await expectBlob(done, digest, 'acknowledged, and sent again');
  });

  test('a shorter file does not become a blob by an empty PUT', async () => {
    const { location, file } = await uploadOf('all of it');
    await restart(() => truncate(file, 3));
    expectError(await server.admin.finishUpload(location, digestOf('all of it')), 400, 'DIGEST_INVALID');
    expectError(await server.admin.getBlob('app', digestOf('all of it')), 404, 'BLOB_UNKNOWN');
  });

  test('a file that is gone begins anew', async () => {
    const { location, file } = await uploadOf('gone');
    await restart(() => rm(file));
    expect((await server.admin.patchUpload(location, 'x', 4)).header('range')).toBe('0-0');
    await expectRange(location, '0-0');
    const digest = digestOf('begun anew');
    await expectBlob(await server.admin.finishUpload(location, digest, 'begun anew'), digest, 'begun anew');
  });

  test.each([
    [0, 0],
    [1, 6],
  ])('a piece that is gone, number %i of three, sends the client back to where it began', async (gone, offset) => {
    const { location } = await uploadOf('first ');
    for (const [part, start] of [
      ['second ', 6],
      ['third', 13],
    ] as const) {
      await restart();
      expect((await server.admin.patchUpload(location, part, start)).status).toBe(202);
    }
    const record = await server.context.services.store.uploads.get(location.split('/').at(-1)!);
    const pieces = await server.context.services.store.uploads.pieces(record!);
    expect(pieces).toHaveLength(3);
    await restart(() => rm(join(directory.path, pieces![gone]!.locator)));
    const content = 'first second third';
    const rejected = await server.admin.finishUpload(location, digestOf(content));
    expectError(rejected, 416, 'BLOB_UPLOAD_INVALID');
    expect(rejected.header('range')).toBe(`0-${Math.max(0, offset - 1)}`);
    const done = await server.admin.finishUpload(location, digestOf(content), content.slice(offset));
    await expectBlob(done, digestOf(content), content);
  });
});
