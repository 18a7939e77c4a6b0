import { Readable } from 'node:stream';
import { digestOf } from '@mcr/core';
import { blobOf, buildImage, locationOf, pushImage, RawConnection, seededBytes } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { logOf } from '../_util/log.ts';
import { pushBlobs } from '../_util/manifests.ts';
import { pollOptions } from '../_util/poll-options.ts';
import { testPassword } from '../_util/server.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const layer = seededBytes('logged', 100_000);

/** The line of the request that was given this id in its response; the line is written when the response has left. */
async function lineOf(response: { header(name: string): string | undefined }) {
  const id = response.header('x-request-id');
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  const lines = () => logOf(server()).filter(({ requestId }) => requestId === id);
  await expect.poll(() => lines().length, pollOptions).toBe(1);
  return lines()[0]!;
}

beforeAll(async () => {
  await pushBlobs(server().admin, 'team/app', blobOf(layer));
  await pushImage(server().admin, 'team/app', 'v1', await buildImage({ layers: [] }));
});

describe('each request is one line of JSON', () => {
  test('with id, actor, address, route, path, status, bytes and duration', async () => {
    const response = await server().admin.getBlob('team/app', digestOf(layer));
    expect(await lineOf(response)).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      msg: 'request',
      requestId: response.header('x-request-id'),
      actor: 'admin',
      ip: '127.0.0.1',
      method: 'GET',
      route: '/v2/:name{.+}/blobs/:digest',
      path: `/v2/team/app/blobs/${digestOf(layer)}`,
      status: 200,
      bytesIn: 0,
      bytesOut: layer.length,
      durationMs: expect.any(Number),
    });
  });

  test.each([
    ['GET', '/v2/', '/v2/', 200],
    ['GET', '/v2/_catalog?n=5', '/v2/_catalog', 200],
    ['HEAD', '/v2/team/app/manifests/v1', '/v2/:name{.+}/manifests/:reference', 200],
    ['GET', '/v2/team/app/tags/list', '/v2/:name{.+}/tags/list', 200],
    ['GET', '/v2/NO/tags/list', '/v2/:name{.+}/tags/list', 400],
    ['DELETE', '/v2/team/app/manifests/none', '/v2/:name{.+}/manifests/:reference', 405],
    ['GET', '/v1/health', '/v1/health', 200],
    ['GET', '/v2/team/app', undefined, 404],
  ])('%s %s has the route %s and the status %d', async (method, path, route, status) => {
    const line = await lineOf(await server().admin.request(method, path));
    expect(line).toMatchObject({ method, status, path: path.split('?')[0] });
    expect(line['route']).toBe(route);
    if (method === 'HEAD') expect(line['bytesOut']).toBe(0);
  });

  test('with no actor when none is known, and with the name that was tried at a login', async () => {
    const anonymous = await server().admin.request('GET', '/v2/', { authorization: null });
    expect(await lineOf(anonymous)).not.toHaveProperty('actor');
    const failed = await server().admin.request('GET', '/v2/token', {
      authorization: `Basic ${Buffer.from('mallory:x').toString('base64')}`,
    });
    expect(await lineOf(failed)).toMatchObject({ actor: 'mallory', status: 401, route: '/v2/token' });
  });

  test('with what a token was asked for', async () => {
    const { admin } = server();
    const scopes = ['repository:team/app:pull,push', 'repository:other:pull'];
    const query = new URLSearchParams([['service', 'mcr'], ...scopes.map((scope) => ['scope', scope])]);
    const scope = scopes.join(' ');
    const headers = { authorization: `Basic ${Buffer.from(`admin:${testPassword}`).toString('base64')}` };
    const got = await admin.request('GET', `/v2/token?${query.toString()}`, { authorization: null, headers });
    expect(await lineOf(got)).toMatchObject({ route: '/v2/token', status: 200, service: 'mcr', scope });

    const form = new URLSearchParams({
      grant_type: 'password',
      service: 'mcr',
      scope,
      username: 'admin',
      password: 'x',
    });
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const post = (body: string) => admin.request('POST', '/v2/token', { authorization: null, headers: type, body });
    expect(await lineOf(await post(form.toString()))).toMatchObject({ status: 401, service: 'mcr', scope });

    const hostile = new URLSearchParams({
      scope: `a\n\u001b[2J\u009b\u202e\u2028z${'x'.repeat(5_000)}`,
      service: '\0',
    });
    const line = await lineOf(await admin.request('GET', `/v2/token?${hostile.toString()}`, { authorization: null }));
    expect(line).toMatchObject({ service: '?', scope: `a??[2J???z${'x'.repeat(490)}` });
    expect(await lineOf(await admin.request('GET', '/v2/token'))).not.toHaveProperty('scope');
  });

  test('with the bytes that left, of a response that was broken off', async () => {
    const blob = blobOf(seededBytes('broken off', 32 * 1024 * 1024));
    await pushBlobs(server().admin, 'team/app', blob);
    const path = `/v2/team/app/blobs/${blob.digest}`;
    {
      const { token } = await server().admin.token();
      await using connection = await RawConnection.open(server());
      connection.socket.pause();
      await connection.send(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`);
      await expect.poll(() => connection.socket.readableLength, pollOptions).toBeGreaterThan(0);
    }
    const lines = () => logOf(server()).filter((line) => line['path'] === path);
    await expect.poll(() => lines().length, pollOptions).toBe(1);
    expect(lines()[0]).toMatchObject({ aborted: true, status: 200 });
    expect(lines()[0]!['bytesOut']).toBeLessThan(blob.size);
  });

  test('with the bytes that left, of several ranges with what is around them', async () => {
    const blob = blobOf(layer);
    await pushBlobs(server().admin, 'team/app', blob);
    const headers = { range: 'bytes=0-9,20-29,-100' };
    const got = await server().admin.getBlob('team/app', blob.digest, { headers });
    expect(await lineOf(got)).toMatchObject({ status: 206, bytesOut: got.body.length });
    expect(got.body.length).toBeGreaterThan(120);
  });

  test('with the bytes that came, announced or in chunks, taken or rejected', async () => {
    const { admin } = server();
    const location = locationOf(await admin.startUpload('team/app'));
    expect(await lineOf(await admin.patchUpload(location, layer, 0))).toMatchObject({ bytesIn: layer.length });
    const chunked = await admin.patchUpload(
      location,
      Readable.from([layer.subarray(0, 60_000), layer.subarray(60_000)]),
    );
    expect(await lineOf(chunked)).toMatchObject({ bytesIn: layer.length, status: 202 });
    const rejected = await admin.patchUpload(`${location}x`, Readable.from([layer]));
    expect(await lineOf(rejected)).toMatchObject({ bytesIn: layer.length, status: 404 });
    const large = await admin.request('PUT', '/v2/team/app/manifests/v1', {
      body: Readable.from([Buffer.alloc(3_000_000), Buffer.alloc(3_000_000)]),
    });
    expect(await lineOf(large)).toMatchObject({ bytesIn: 6_000_000, status: 413 });
    await admin.cancelUpload(location);
  });

  test('also when it is rejected before routing', async () => {
    const response = await server().admin.request('GET', '/v2//twice');
    expect(await lineOf(response)).toMatchObject({ status: 400, path: '/v2//twice' });
  });

  test('also when the client goes away in the middle', async () => {
    const { token } = await server().admin.token();
    const location = locationOf(await server().admin.startUpload('team/app'));
    {
      await using connection = await RawConnection.open(server());
      const head = [
        `PATCH ${location} HTTP/1.1`,
        'Host: localhost',
        `Authorization: Bearer ${token}`,
        'Content-Length: 99',
      ];
      await connection.send([...head, '', 'eleven byte'].join('\r\n'));
      await expect.poll(() => server().context.services.sessions.active, pollOptions).toBe(1);
    }
    const lines = () => logOf(server()).filter(({ path, method }) => path === location && method === 'PATCH');
    await expect.poll(() => lines().length, pollOptions).toBe(1);
    expect(lines()[0]).toMatchObject({ aborted: true, actor: 'admin' });
    await expect.poll(async () => (await server().admin.cancelUpload(location)).status, pollOptions).toBe(204);
  });
});

describe('nothing secret is ever logged', () => {
  const canary = 'canary-0b7e';

  test('neither passwords nor tokens, wherever a client puts them', async () => {
    const { admin, logLines } = server();
    const { token } = await admin.token();
    const basic = Buffer.from(`admin:${testPassword}`).toString('base64');
    const ask = (path: string, headers: Record<string, string>, body?: string) =>
      admin.request(body === undefined ? 'GET' : 'POST', path, {
        authorization: null,
        headers,
        ...(body !== undefined && { body }),
      });
    await ask('/v2/token', { authorization: `Basic ${basic}` });
    await ask('/v2/token', { authorization: `Basic ${Buffer.from(`admin:${canary}-1`).toString('base64')}` });
    await ask(`/v2/token?password=${canary}-2&account=admin`, {});
    await ask(
      '/v2/token',
      { 'content-type': 'application/x-www-form-urlencoded' },
      `grant_type=password&username=admin&password=${canary}-3`,
    );
    await ask(
      '/v2/token',
      { 'content-type': 'application/x-www-form-urlencoded' },
      `grant_type=refresh_token&refresh_token=${canary}-4`,
    );
    await ask('/v2/token', { 'content-type': 'application/json' }, `{"password":"${canary}-5"}`);
    await ask('/v2/', { authorization: `Bearer ${canary}.5.6` });
    await ask('/v2/', { authorization: `${canary}-7` });
    await ask('/v2/', { cookie: `session=${canary}-8`, 'x-api-key': `${canary}-9` });
    await ask(`/v2//?access_token=${canary}-10`, { authorization: `Bearer ${canary}-11` });
    await ask(`/v2/team/app/tags/list?token=${canary}-12`, { authorization: `Bearer ${token}` });

    await using connection = await RawConnection.open(server());
    await connection.send(`GET /v2/ HTTP/1.1\r\nHost: localhost\r\nAuthorization : Bearer ${canary}-13\r\n\r\n`);
    await connection.closed();

    const log = logLines.join('');
    const audit = JSON.stringify(await server().audit());
    for (const secret of [canary, token, token.split('.')[2]!, basic, testPassword, encodeURIComponent(testPassword)]) {
      expect(log).not.toContain(secret);
      expect(audit).not.toContain(secret);
    }
    expect(logLines.length).toBeGreaterThan(10);
  });
});
