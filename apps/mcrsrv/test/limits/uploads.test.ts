import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { digestOf } from '@mcr/core';
import { locationOf, type OciResponse, seededBytes } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { expectError } from '../_util/errors.ts';
import { ManualClock } from '../_util/manual-clock.ts';
import { pollOptions } from '../_util/poll-options.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';

const megabyte = 1024 * 1024;

/** Clients wait and try again on exactly this. */
function expectRetryable(response: OciResponse): void {
  expectError(response, 429, 'TOOMANYREQUESTS');
  expect(response.json()).toEqual({ errors: [{ code: 'TOOMANYREQUESTS', message: 'too many requests' }] });
  expect(response.header('retry-after')).toBe('3');
}

function files({ directory }: TestServer): Promise<string[]> {
  return readdir(join(directory, 'uploads'));
}

describe('an account with as many uploads open as it may', () => {
  const env = { MCR_LIMITS_UPLOADS_PER_ACCOUNT: '2' };

  test('cannot begin another, which leaves nothing, and can do everything else', async () => {
    await using server = await startTestServer({ env });
    const { admin } = server;
    const [first, second] = [locationOf(await admin.startUpload('a')), locationOf(await admin.startUpload('b'))];
    const before = await files(server);
    expectRetryable(await admin.startUpload('a'));
    expectRetryable(await admin.request('POST', `/v2/a/blobs/uploads/?mount=${digestOf('unknown')}&from=b`));
    expect(await files(server)).toEqual(before);

    expect((await admin.patchUpload(first, 'one')).status).toBe(202);
    expect((await admin.uploadStatus(second)).status).toBe(204);
    expect((await admin.finishUpload(first, digestOf('one'))).status).toBe(201);
    expect((await admin.request('GET', `/v2/a/blobs/${digestOf('one')}`)).status).toBe(200);
    expect((await admin.startUpload('a')).status).toBe(202);
  });

  test('does not keep other accounts from uploading', async () => {
    await using server = await startTestServer({ env });
    await server.addAccount('ann');
    for (let at = 0; at < 2; at += 1) await server.admin.startUpload('a');
    expectRetryable(await server.admin.startUpload('a'));
    expect((await server.client('ann').startUpload('a')).status).toBe(202);
  });

  test('can begin another when one was cancelled, or got no byte for an hour', async () => {
    const clock = new ManualClock();
    await using server = await startTestServer({ env, overrides: { clock } });
    const { admin } = server;
    const first = locationOf(await admin.startUpload('a'));
    await admin.startUpload('a');
    expectRetryable(await admin.startUpload('a'));
    await admin.request('DELETE', first);
    expect((await admin.startUpload('a')).status).toBe(202);
    expectRetryable(await admin.startUpload('a'));
    clock.advance(3_600_001);
    expect((await admin.startUpload('a')).status).toBe(202);
  });

  test('cannot push more blobs in one request each at the same time', async () => {
    await using server = await startTestServer({ env });
    const { admin } = server;
    const bodies = [new PassThrough(), new PassThrough()];
    // The first bytes are written when there are enough for a write.
    const whole = 'whole'.repeat(megabyte / 4);
    const post = (body: PassThrough | string) =>
      admin.request('POST', `/v2/a/blobs/uploads/?digest=${digestOf(whole)}`, { body });
    const pushes = bodies.map((body) => {
      body.write(whole.slice(0, megabyte));
      return post(body);
    });
    await expect.poll(async () => (await files(server)).length, pollOptions).toBe(2);
    expectRetryable(await post(whole));
    for (const body of bodies) body.end(whole.slice(megabyte));
    expect((await Promise.all(pushes)).map(({ status }) => status)).toEqual([201, 201]);
    expect((await post(whole)).status).toBe(201);
  });
});

describe('an account whose unfinished uploads have as many bytes as they may', () => {
  const env = { MCR_LIMITS_UPLOAD_BYTES_PER_ACCOUNT: '2MiB' };

  test('has a body cut off that exceeds them, which leaves its upload as it was', async () => {
    await using server = await startTestServer({ env });
    const { admin } = server;
    const [first, second] = [locationOf(await admin.startUpload('a')), locationOf(await admin.startUpload('a'))];
    const layer = seededBytes('layer', 1.5 * megabyte);
    expect((await admin.patchUpload(first, layer)).status).toBe(202);
    expectRetryable(await admin.patchUpload(second, seededBytes('other', megabyte)));
    expect((await admin.uploadStatus(second)).header('range')).toBe('0-0');
    expectRetryable(
      await admin.request('POST', `/v2/a/blobs/uploads/?digest=${digestOf(layer)}`, { body: Buffer.from(layer) }),
    );
    expect(await files(server)).toHaveLength(1);
    expect((await admin.finishUpload(first, digestOf(layer))).status).toBe(201);
    expect((await admin.patchUpload(second, 'small')).status).toBe(202);
  });

  test('cannot begin another upload until it finished or cancelled one', async () => {
    await using server = await startTestServer({ env });
    const { admin } = server;
    const first = locationOf(await admin.startUpload('a'));
    expect((await admin.patchUpload(first, seededBytes('layer', 2 * megabyte))).status).toBe(202);
    expectRetryable(await admin.startUpload('a'));
    await admin.request('DELETE', first);
    expect((await admin.startUpload('a')).status).toBe(202);
  });
});

test('fifty layers at a time are no burden to an account with the usual limits', async () => {
  await using server = await startTestServer();
  const layers = Array.from({ length: 50 }, (_, at) => `layer ${at}`);
  const statuses = await Promise.all(
    layers.map(async (layer) => {
      const location = locationOf(await server.admin.startUpload('a'));
      return (await server.admin.finishUpload(location, digestOf(layer), layer)).status;
    }),
  );
  expect(new Set(statuses)).toEqual(new Set([201]));
});
