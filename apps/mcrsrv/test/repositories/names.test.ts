import { blobOf, buildImage, locationOf, pushImage } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { expectError } from '../_util/errors.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const hex = 'a'.repeat(64);

describe('1.0 names', () => {
  test.each([
    'a',
    '0',
    'a/b/c/d/e',
    'a.b_c__d-e---f',
    'team/manifests/app',
    'team/blobs/uploads',
    'tags/list',
    'referrers/manifests/blobs',
    'v2/token',
    'x'.repeat(255),
    `${'a/'.repeat(127)}b`,
  ])('accept %s, which then holds what was pushed to it', async (name) => {
    const { admin } = server();
    const blob = blobOf(`in ${name}`);
    const pushed = await admin.pushBlob(name, blob);
    expect(pushed.status, pushed.text()).toBe(201);
    expect(pushed.header('location')).toBe(`/v2/${name}/blobs/${blob.digest}`);
    expect((await admin.getBlob(name, blob.digest)).text()).toBe(`in ${name}`);
    expect((await admin.tags(name)).json()).toEqual({ name, tags: [] });
    expectError(await admin.getManifest(name, 'latest'), 404, 'MANIFEST_UNKNOWN');
    expect((await admin.referrers(name, blob.digest)).json()).toMatchObject({ manifests: [] });
  });

  test.each([
    'A',
    'a/B',
    '-a',
    'a-',
    'a..b',
    'a___b',
    'a./b',
    '_a',
    'a/_b',
    'a:5000',
    'a%40b',
    'é'.normalize(),
    'x'.repeat(256),
  ])('refuse %s as 400 NAME_INVALID', async (name) => {
    const path = encodeURI(name).replaceAll('%25', '%');
    for (const rest of ['manifests/v1', `blobs/sha256:${hex}`, 'tags/list', `referrers/sha256:${hex}`]) {
      expectError(await server().admin.request('GET', `/v2/${path}/${rest}`), 400, 'NAME_INVALID');
    }
    expectError(await server().admin.request('POST', `/v2/${path}/blobs/uploads/`), 400, 'NAME_INVALID');
  });
});

describe('1.0 names of 255 characters, the most that clients have', () => {
  const single = 'y'.repeat(255);
  const nested = `${'c/'.repeat(127)}d`;
  const tag = 't'.repeat(128);

  test.each([single, nested])('hold images, and every API has them by this name: %s', async (name) => {
    const { admin } = server();
    const image = await buildImage({ layers: [{ size: 10, seed: name }] });
    expect(await pushImage(admin, name, tag, image)).toMatchObject({ status: 201 });
    const pulled = await admin.getManifest(name, tag);
    expect(pulled.status, pulled.text()).toBe(200);
    expect((await admin.tags(name)).json()).toEqual({ name, tags: [tag] });
    const location = locationOf(await admin.startUpload(name));
    expect((await admin.patchUpload(location, 'x')).status).toBe(202);
    expect((await admin.cancelUpload(location)).status).toBe(204);

    const shared = blobOf('from a long name to a longer one');
    await admin.pushBlob(single, shared);
    expect((await admin.mountBlob(nested, shared.digest, single)).status).toBe(201);

    const { repositories } = (await admin.catalog('n=1000')).json();
    expect(repositories).toContain(name);
    const previous = repositories[repositories.indexOf(name) - 1] ?? '';
    expect((await admin.catalog(`n=1&last=${previous}`)).json().repositories).toEqual([name]);
    expect((await admin.catalog(`n=1&last=${name}`)).status).toBe(200);

    for (const path of [name, encodeURIComponent(name)]) {
      for (const rest of ['', '/tags', '/manifests']) {
        const response = await admin.request('GET', `/v1/repositories/${path}${rest}`);
        expect(response.status, `${path}${rest} ${response.text()}`).toBe(200);
      }
    }
    expect((await admin.request('GET', `/v1/repositories?search=${name}`)).status).toBe(200);
    expect((await admin.request('GET', `/v1/audit?repository=${name}`)).json()).not.toEqual([]);

    const robot = `robot-${name.length}-${name[0]}`;
    const subject = await server().addAccount(robot, { type: 'system' });
    expect((await server().client(robot).getManifest(name, tag)).status).toBe(403);
    await server().addRule({ subject, actions: ['registry:pull'], repositories: [name] });
    expect((await server().client(robot).getManifest(name, tag)).status).toBe(200);
    const explained = await admin.request('POST', '/v1/policy/explain', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ action: 'registry:pull', repository: name }),
    });
    expect(explained.json()).toMatchObject({ effect: 'allow' });

    expect((await admin.request('DELETE', `/v1/repositories/${name}/tags/${tag}`)).status).toBe(204);
    expect((await admin.request('DELETE', `/v1/repositories/${encodeURIComponent(name)}`)).status).toBe(204);
  });
});

describe('1.0 digests', () => {
  test.each([
    'sha256:baddigeststring',
    'sha256:',
    `sha256:${hex.toUpperCase()}`,
    `sha256:${hex.slice(1)}`,
    `sha256:${hex}0`,
    `sha512:${hex}`,
    `SHA256:${hex}`,
    `md5:${'a'.repeat(32)}`,
    `blake3:${hex}`,
    'sha256+b64u:abc',
    ':',
    `:${hex}`,
  ])('%s is 400 DIGEST_INVALID wherever a digest stands', async (digest) => {
    const { admin } = server();
    for (const path of [`blobs/${digest}`, `manifests/${digest}`, `referrers/${digest}`]) {
      expectError(await admin.request('GET', `/v2/app/${path}`), 400, 'DIGEST_INVALID');
    }
    const upload = await admin.startUpload('app');
    expectError(await admin.finishUpload(locationOf(upload), digest, 'x'), 400, 'DIGEST_INVALID');
    expectError(await admin.startUpload('app', `digest=${encodeURIComponent(digest)}`), 400, 'DIGEST_INVALID');
    expectError(await admin.startUpload('app', `mount=${encodeURIComponent(digest)}`), 400, 'DIGEST_INVALID');
  });
});

describe('1.0 common rules', () => {
  test('unknown query parameters are ignored on every kind of request', async () => {
    const { admin } = server();
    const blob = blobOf('with parameters');
    const query = 'ns=registry-1.docker.io&origin=x&_=1';
    const upload = await admin.startUpload('app', query);
    expect(upload.status).toBe(202);
    const pushed = await admin.request('PUT', `${locationOf(upload)}?${query}&digest=${blob.digest}`, {
      body: 'with parameters',
    });
    expect(pushed.status).toBe(201);
    expect((await admin.request('GET', `/v2/app/blobs/${blob.digest}?${query}`)).text()).toBe('with parameters');
    expect((await admin.tags('app', query)).status).toBe(200);
    expect((await admin.request('GET', `/v2/?${query}`)).status).toBe(200);
  });

  test('an error on HEAD has the headers of the one on GET and no body', async () => {
    const { admin } = server();
    const path = `/v2/app/blobs/sha256:${hex}`;
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
    ['PUT', `/v2/app/blobs/sha256:${hex}`],
    ['POST', '/v2/app/manifests/v1'],
    ['GET', '/v2/_oci/ext/discover'],
    ['GET', '/v3/'],
    ['GET', '/'],
  ])('%s %s, which is no route, is 404 in the form of the spec', async (method, path) => {
    expectError(await server().admin.request(method, path), 404, 'UNSUPPORTED');
  });
});

describe('1.1 GET /v2/', () => {
  test.each(['/v2/', '/v2'])('%s is 200 with the version header', async (path) => {
    const answer = await server().admin.request('GET', path);
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({});
    expect(answer.header('docker-distribution-api-version')).toBe('registry/2.0');
  });

  test('HEAD is 200, too', async () => {
    expect(await server().admin.request('HEAD', '/v2/')).toMatchObject({ status: 200, body: Buffer.alloc(0) });
  });

  test('without a token it is 401 with a challenge', async () => {
    const answer = await server().admin.request('GET', '/v2/', { authorization: null });
    expectError(answer, 401, 'UNAUTHORIZED');
    expect(answer.header('www-authenticate')).toMatch(/^Bearer realm=/);
  });
});
