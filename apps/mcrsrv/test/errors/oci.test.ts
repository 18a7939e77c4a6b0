import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '@mcr/core';
import { blobOf, descriptorOf, startFakeMcias, tempDirectory } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { expectBodyless, expectError } from '../_util/errors.ts';
import { imageOf, pushBlobs } from '../_util/manifests.ts';
import { startTestServer, testPassword } from '../_util/server.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const digest = digestOf('x');

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes
describe('errors are JSON in the form of the spec, at most 8 KiB, with one code and, for 401 and 403, a detail', () => {
  test.each([
    ['GET', `/v2/a/blobs/${digest}`, 404, 'BLOB_UNKNOWN'],
    ['GET', '/v2/a/manifests/v1', 404, 'NAME_UNKNOWN'],
    ['GET', '/v2/a/tags/list', 404, 'NAME_UNKNOWN'],
    ['GET', '/v2/a/tags/list?n=x', 400, 'UNSUPPORTED'],
    ['PATCH', '/v2/a/blobs/uploads/x', 404, 'BLOB_UPLOAD_UNKNOWN'],
    ['DELETE', '/v2/a/manifests/v1', 405, 'UNSUPPORTED'],
    ['GET', '/v2/none', 404, 'UNSUPPORTED'],
    ['GET', `/v2/${'a'.repeat(7_000)}/tags/list`, 400, 'NAME_INVALID'],
    ['GET', `/v2/a/manifests/${'a'.repeat(7_000)}`, 400, 'MANIFEST_INVALID'],
    ['GET', `/v2/a/blobs/sha256:${'a'.repeat(7_000)}`, 400, 'DIGEST_INVALID'],
    ['GET', `/v2/a/tags/list?last=${'%01'.repeat(2_000)}`, 400, 'UNSUPPORTED'],
  ])('%s %s', async (method, path, status, code) => {
    expectError(await server().admin.request(method, path), status, code);
    if (method === 'GET') expectBodyless(await server().admin.request('HEAD', path), status);
  });

  test('an error on HEAD has the headers of the one on GET and no body', async () => {
    const { admin } = server();
    const path = `/v2/app/blobs/${digest}`;
    const get = await admin.request('GET', path);
    const head = await admin.request('HEAD', path);
    expectError(get, 404, 'BLOB_UNKNOWN');
    expect(head.status).toBe(404);
    expect(head.body.length).toBe(0);
    for (const name of ['content-type', 'content-length']) expect(head.header(name)).toBe(get.header(name));
  });

  test.each([
    ['GET', '/v2/app/unknown/route'],
    ['GET', '/v2/app'],
    ['PUT', `/v2/app/blobs/${digest}`],
    ['POST', '/v2/app/manifests/v1'],
    ['GET', '/v2/_oci/ext/discover'],
    ['GET', '/v3/'],
    ['GET', '/'],
  ])('%s %s, which is no route, is 404 in the form of the spec', async (method, path) => {
    expectError(await server().admin.request(method, path), 404, 'UNSUPPORTED');
  });

  test('401 without a token and 403 without a right', async () => {
    await server().addAccount('robot', { type: 'system' });
    expectError(await server().admin.request('GET', '/v2/', { authorization: null }), 401, 'UNAUTHORIZED');
    expectError(await server().client('robot').tags('a'), 403, 'DENIED');
  });

  test('a thousand missing blobs fit into it, the first of them by name', async () => {
    const config = blobOf('{}');
    await pushBlobs(server().admin, 'missing/layers', config);
    const layers = Array.from({ length: 1_000 }, (_, at) => descriptorOf(blobOf(`missing ${at}`, 'a/b', 'sha512')));
    const response = await server().admin.pushManifest('missing/layers', 'v1', imageOf(config, layers));
    const first = expectError(response, 400, 'MANIFEST_BLOB_UNKNOWN');
    expect(layers.map((layer) => layer.digest)).toContain((first.detail as { digest: string }).digest);
    expect(response.json().errors.length).toBeGreaterThan(5);
  });
});

describe('429 has an integer Retry-After of 1 to 3 and no detail, and normal rates never meet one', () => {
  test('six token requests and four logins at a time all succeed', async () => {
    const client = server().client();
    const authorization = `Basic ${Buffer.from(`admin:${testPassword}`).toString('base64')}`;
    const six = Array.from({ length: 6 }, () => client.request('GET', '/v2/token?service=mcr', { authorization }));
    const accounts = Array.from({ length: 4 }, (_, at) => server().addAccount(`user-${at}`));
    await Promise.all(accounts);
    const logins = accounts.map((_, at) => server().client(`user-${at}`).request('GET', '/v2/'));
    for (const { status } of await Promise.all([...six, ...logins])) expect(status).toBe(200);
  });

  test('it is the default message alone, by which Docker knows to try again', async () => {
    await using directory = await tempDirectory();
    await using mcias = await startFakeMcias();
    const caCert = join(directory.path, 'mcias-ca.crt');
    await writeFile(caCert, mcias.caPem);
    const env = { MCR_AUTH_PROVIDER: 'mcias', MCR_MCIAS_SERVER_URL: mcias.url, MCR_MCIAS_CA_CERT: caCert };
    await using throttled = await startTestServer({ env });
    mcias.setFault('throttled');
    const client = throttled.client({ token: 'some.token' });
    for (const response of [
      await client.request('GET', '/v2/'),
      await client.request('GET', '/v2/token', { authorization: 'Basic dTpw' }),
      await client.tags('a'),
    ]) {
      expectError(response, 429, 'TOOMANYREQUESTS');
      expect(response.json()).toEqual({ errors: [{ code: 'TOOMANYREQUESTS', message: 'too many requests' }] });
      expect(response.header('retry-after')).toMatch(/^[123]$/);
    }
  });
});
