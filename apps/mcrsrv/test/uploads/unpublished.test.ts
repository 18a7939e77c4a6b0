import { type Digest, digestOf } from '@mcr/core';
import { blobOf, locationOf, type OciResponse } from '@mcr/testkit';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { expectBodyless, expectError } from '../_util/errors.ts';
import { pushBlobs } from '../_util/manifests.ts';
import { sqlFromOutside } from '../_util/outside.ts';
import { tracesOf } from '../_util/traces.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer({ env: { MCR_GC_GRACE_PERIOD: '48h' } });
const rejection = `BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'no'); END`;
const breakLog = () => sqlFromOutside(server(), `CREATE TRIGGER no_audit ${rejection}`);
const mendLog = () => sqlFromOutside(server(), 'DROP TRIGGER IF EXISTS no_audit');

afterEach(async () => {
  vi.restoreAllMocks();
  await mendLog();
});

async function uploadOf(content: string): Promise<string> {
  const location = locationOf(await server().admin.startUpload('app'));
  if (content !== '') expect((await server().admin.patchUpload(location, content, 0)).status).toBe(202);
  return location;
}

/** Closes the upload while the transaction that would publish it cannot commit. */
async function failToPublish(location: string, digest: Digest, rest?: string): Promise<void> {
  await breakLog();
  expectError(await server().admin.finishUpload(location, digest, rest), 500, 'UNKNOWN');
  await mendLog();
}

async function expectRange(location: string, range: string): Promise<void> {
  const response = await server().admin.uploadStatus(location);
  expectBodyless(response, 204);
  expect(response.header('range')).toBe(range);
}

async function expectBlob(response: OciResponse, digest: Digest, content: string): Promise<void> {
  expect(response.status, response.text()).toBe(201);
  await expectContent(digest, content);
}

async function expectContent(digest: Digest, content: string): Promise<void> {
  expect((await server().admin.getBlob('app', digest)).text()).toBe(content);
}

describe.each(['sha256', 'sha512'] as const)('when the transaction that publishes a %s blob fails', (algorithm) => {
  const digest = (content: string) => digestOf(content, algorithm);

  test('everything that was acknowledged is still there, and an empty PUT closes the upload', async () => {
    const content = `acknowledged ${algorithm}`;
    const location = await uploadOf(content);
    await failToPublish(location, digest(content));
    await failToPublish(location, digest(content));
    await expectRange(location, `0-${content.length - 1}`);
    await expectBlob(await server().admin.finishUpload(location, digest(content)), digest(content), content);
    expect((await tracesOf(server())).uploadFiles).toEqual([]);
  });

  test('the bytes of the closing PUT are asked for again, and those before it are not', async () => {
    const content = `in two parts ${algorithm}`;
    const location = await uploadOf(content.slice(0, 6));
    await failToPublish(location, digest(content), content.slice(6));
    await expectRange(location, '0-5');
    const closed = await server().admin.finishUpload(location, digest(content), content.slice(6));
    await expectBlob(closed, digest(content), content);
  });

  test('nothing lies at the place of the blob, and nothing anywhere once the upload is canceled', async () => {
    const before = await tracesOf(server());
    const content = `canceled ${algorithm}`;
    const location = await uploadOf(content);
    await failToPublish(location, digest(content));
    expect((await tracesOf(server())).layerFiles).toEqual(before.layerFiles);
    expectBodyless(await server().admin.cancelUpload(location), 204);
    expect(await tracesOf(server())).toEqual(before);
  });

  test('a whole blob in one request leaves nothing', async () => {
    const before = await tracesOf(server());
    await breakLog();
    const blob = blobOf(`whole ${algorithm}`, undefined, algorithm);
    expectError(await server().admin.pushBlob('app', blob, 'post'), 500, 'UNKNOWN');
    expect(await tracesOf(server())).toEqual(before);
  });
});

describe('an upload that could not become a blob, and is still open', () => {
  test.each([
    ['goes on where it was', 'shared', undefined, 6],
    ['goes on before the bytes of its closing PUT', 'sha', 'red', 3],
    ['begins anew', '', 'shared', 0],
  ])('%s', async (_how, patched, put, offset) => {
    const blob = blobOf('shared');
    await pushBlobs(server().admin, 'app', blob);
    const location = await uploadOf(patched);
    await failToPublish(location, blob.digest, put);

    expect((await server().admin.patchUpload(location, ' no more', offset)).status).toBe(202);
    await expectContent(blob.digest, 'shared');
    const content = `${patched} no more`;
    await expectBlob(await server().admin.finishUpload(location, digestOf(content)), digestOf(content), content);
    await expectContent(blob.digest, 'shared');
  });
});

test('a blob is acknowledged although its pieces cannot be removed, and the next collection does that', async () => {
  const { blobs, clock, collector, settings } = server().context.services;
  const location = await uploadOf('stays behind');
  const remove = vi.spyOn(blobs, 'remove').mockRejectedValue(new Error('no'));
  const digest = digestOf('stays behind');
  await expectBlob(await server().admin.finishUpload(location, digest), digest, 'stays behind');
  remove.mockRestore();
  expectError(await server().admin.uploadStatus(location), 404, 'BLOB_UPLOAD_UNKNOWN');
  expect((await tracesOf(server())).uploadFiles).toHaveLength(1);

  const later = vi.spyOn(clock, 'now').mockReturnValue(clock.now() + settings.uploadTtl + 1);
  await collector.start({ reconcile: false, trigger: 'api', actor: {} });
  await collector.finished();
  later.mockRestore();
  expect((await tracesOf(server())).uploadFiles).toEqual([]);
  await expectContent(digest, 'stays behind');
});
