import { digestOf } from '@mcr/core';
import { blobOf, locationOf, type OciClient } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectBodyless, expectError } from '../_util/errors.ts';
import { pushBlobs } from '../_util/manifests.ts';
import { leavingNothing } from '../_util/traces.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const secret = blobOf('a secret layer');
let builder: OciClient;

beforeAll(async () => {
  const names = ['a/public', 'b/secret', 'c/public', 'd/secret', 'e/secret', 'f/public', 'g/secret'];
  for (const name of names) await pushBlobs(server().admin, name, blobOf(`in ${name}`));
  await pushBlobs(server().admin, 'b/secret', secret);
  await server().addAccount('builder', { type: 'system' });
  await server().addRule({ accountTypes: ['system'], actions: ['registry:catalog'] });
  await server().addRule({
    accountTypes: ['system'],
    actions: ['registry:pull', 'registry:push'],
    repositories: ['*/public'],
  });
  builder = server().client('builder');
});

describe('CVE-2024-39897: a mount does not read across repositories that one may not pull from', () => {
  test.each([
    ['with the source named', 'b/secret'],
    ['with a source that does not exist', 'x/nothing'],
    ['with a source that one may pull from and that lacks it', 'c/public'],
    ['without a source', undefined],
  ])('is 202 %s, and the blob stays unknown here', async (_, from) => {
    const response = await builder.mountBlob('a/public', secret.digest, from);
    expect(response.status, response.text()).toBe(202);
    expect(response.header('docker-content-digest')).toBeUndefined();
    expectBodyless(await builder.headBlob('a/public', secret.digest), 404);
    expectError(await builder.getBlob('a/public', secret.digest), 404, 'BLOB_UNKNOWN');
    expectBodyless(await builder.cancelUpload(locationOf(response)), 204);
  });

  test('tells by no header whether the source has it', async () => {
    const ask = async (digest: string, from: string) => {
      const response = await builder.mountBlob('a/public', digest, from);
      const { date: _, 'x-request-id': __, location, 'docker-upload-uuid': ___, ...headers } = response.headers;
      await builder.cancelUpload(location!);
      return { status: response.status, headers, body: response.text(), path: location!.replace(/[^/]+$/, '') };
    };
    const expected = await ask(digestOf('unknown to all'), 'x/nothing');
    expect(await ask(secret.digest, 'b/secret')).toEqual(expected);
    expect(await ask(digestOf('unknown to all'), 'b/secret')).toEqual(expected);
  });

  test('leaves no denial in the audit log, since it is no rejection', async () => {
    const before = await server().audit('policy_deny');
    await builder.mountBlob('a/public', secret.digest, 'b/secret');
    expect(await server().audit('policy_deny')).toEqual(before);
  });

  test('does not help a manifest to refer to it', async () => {
    const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: secret.digest, size: secret.size };
    await leavingNothing(server(), async () => {
      const response = await builder.request('PUT', '/v2/a/public/manifests/stolen', {
        body: JSON.stringify({ schemaVersion: 2, config, layers: [] }),
      });
      expectError(response, 400, 'MANIFEST_BLOB_UNKNOWN');
    });
    expectError(await builder.getBlob('a/public', secret.digest), 404, 'BLOB_UNKNOWN');
  });

  test('works for those who may pull from it', async () => {
    expect((await server().admin.mountBlob('f/public', secret.digest, 'b/secret')).status).toBe(201);
    expect((await builder.getBlob('f/public', secret.digest)).text()).toBe('a secret layer');
  });
});

describe('CVE-2020-29662: lists of repositories', () => {
  const seen = ['a/public', 'c/public', 'f/public'];

  test('have those that one may pull from', async () => {
    expect((await builder.catalog()).json()).toEqual({ repositories: seen });
    expect((await server().admin.catalog()).json().repositories).toHaveLength(7);
  });

  test.each([1, 2, 3, 4, 10])('give full pages of %d of them, and no link names another', async (n) => {
    const pages: string[][] = [];
    let path: string | undefined = `/v2/_catalog?n=${n}`;
    while (path !== undefined) {
      const response = await builder.request('GET', path);
      pages.push(response.json().repositories);
      const link = response.header('link') ?? '';
      expect(link).not.toContain('secret');
      path = /^<([^>]+)>/.exec(link)?.[1];
    }
    expect(pages.flat()).toEqual(seen);
    for (const page of pages.slice(0, -1)) expect(page).toHaveLength(n);
  });

  test('look alike in the admin API', async () => {
    const response = await builder.request('GET', '/v1/repositories?n=1');
    expect(response.status, response.text()).toBe(200);
    expect(response.text()).toContain('a/public');
    expect(response.text() + (response.header('link') ?? '')).not.toContain('secret');
  });
});
