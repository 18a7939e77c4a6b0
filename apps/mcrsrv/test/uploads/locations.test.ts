import { digestOf, mediaTypes } from '@mcr/core';
import { blobOf, locationOf } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const name = 'team/app';

function emptyIndex() {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [] }));
  return { manifest: { bytes, mediaType: mediaTypes.ociIndex, digest: digestOf(bytes) } };
}

// The spec allows both forms (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-blobs).
describe('Location', () => {
  const path = /^\/v2\/[A-Za-z0-9._/:-]+$/;

  test('is one path from the root, on POST, PATCH, GET, PUT and mount', async () => {
    const posted = await server().admin.startUpload(name);
    const patched = await server().admin.patchUpload(locationOf(posted), 'located');
    const status = await server().admin.uploadStatus(locationOf(patched));
    const put = await server().admin.finishUpload(locationOf(status), digestOf('located'));
    const mounted = await server().admin.mountBlob('team/other', digestOf('located'), name);
    const rejected = await server().admin.mountBlob('team/other', digestOf('never pushed'), name);
    for (const response of [posted, patched, status, put, mounted, rejected]) {
      expect(locationOf(response)).toMatch(path);
    }
  });
});

describe('when public_url is set, every Location is an absolute URL below it, as Charliecloud needs', () => {
  const publicUrl = 'https://registry.example.net:8443';
  const open = useServer({ env: { MCR_SERVER_PUBLIC_URL: publicUrl } });

  test('of uploads, blobs and manifests, whatever the Host header says', async () => {
    const { admin } = open();
    const posted = await admin.startUpload(name);
    const patched = await admin.patchUpload(locationOf(posted), 'located');
    const disordered = await admin.patchUpload(locationOf(patched), 'x', 3);
    expect(disordered.status).toBe(416);
    expect(disordered.header('range')).toBe('0-6');
    const status = await admin.uploadStatus(locationOf(disordered));
    const early = await admin.request('PUT', `${new URL(locationOf(status)).pathname}?digest=${digestOf('located')}`, {
      headers: { 'content-range': '9-9' },
      body: 'x',
    });
    expect(early.status).toBe(416);
    const put = await admin.finishUpload(locationOf(early), digestOf('located'));
    const whole = await admin.pushBlob(name, blobOf('whole'), 'post');
    const mounted = await admin.mountBlob('team/other', digestOf('located'), name);
    const unmounted = await admin.mountBlob('team/other', digestOf('never pushed'), name);
    const { manifest } = emptyIndex();
    const tagged = await admin.pushManifest(name, 'v1', manifest);

    const uploads = [posted, patched, disordered, status, early, unmounted];
    const blobs = [put, whole, mounted];
    for (const response of uploads) {
      expect(locationOf(response)).toMatch(
        /^https:\/\/registry\.example\.net:8443\/v2\/team\/\w+\/blobs\/uploads\/[0-9a-f-]{36}$/,
      );
    }
    for (const response of [...blobs, tagged]) {
      const { origin, pathname } = new URL(locationOf(response));
      expect(origin).toBe(publicUrl);
      expect((await admin.request('GET', pathname)).status).toBe(200);
    }
    expect(locationOf(tagged)).toBe(`${publicUrl}/v2/${name}/manifests/${manifest.digest}`);
  });

  test('while the link to the next page stays relative, as clients check that it has the same origin', async () => {
    await open().admin.pushManifest('linked/a', 'v1', emptyIndex().manifest);
    await open().admin.pushManifest('linked/b', 'v1', emptyIndex().manifest);
    expect((await open().admin.request('GET', '/v2/_catalog?n=1')).header('link')).toMatch(/^<\/v2\/_catalog\?/);
  });
});
