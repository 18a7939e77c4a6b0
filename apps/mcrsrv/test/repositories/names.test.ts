import { blobOf, buildImage, locationOf, pushImage } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { expectError } from '../_util/errors.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const hex = 'a'.repeat(64);

// The grammar is that of https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests.
describe('names', () => {
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
  ])('reject %s as 400 NAME_INVALID', async (name) => {
    const path = encodeURI(name).replaceAll('%25', '%');
    for (const rest of ['manifests/v1', `blobs/sha256:${hex}`, 'tags/list', `referrers/sha256:${hex}`]) {
      expectError(await server().admin.request('GET', `/v2/${path}/${rest}`), 400, 'NAME_INVALID');
    }
    expectError(await server().admin.request('POST', `/v2/${path}/blobs/uploads/`), 400, 'NAME_INVALID');
  });
});

describe('names of 255 characters, the most that clients have', () => {
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
