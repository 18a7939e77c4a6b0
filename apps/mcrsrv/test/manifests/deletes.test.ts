import { digestOf } from '@mcr/core';
import { blobOf, descriptorOf } from '@mcr/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import { expectBodyless, expectError } from '../_util/errors.ts';
import { imageOf, indexOf, pushBlobs } from '../_util/manifests.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer({ env: { MCR_STORAGE_TAG_DELETE: 'true' } });
const config = blobOf('{}');
const layer = blobOf('layer to be deleted');
const image = imageOf(config, [descriptorOf(layer)]);
const index = indexOf([descriptorOf(image)]);
let name: string;
let count = 0;

beforeEach(async () => {
  name = `deletes/${(count += 1)}`;
  const { admin } = server();
  await pushBlobs(admin, name, config, layer);
  await admin.pushManifest(name, 'one', image);
  await admin.pushManifest(name, 'two', image);
  await admin.pushManifest(name, 'index', index);
});

/** GET and HEAD agree that there is no such manifest. */
async function expectGone(reference: string): Promise<void> {
  expectError(await server().admin.getManifest(name, reference), 404, 'MANIFEST_UNKNOWN');
  expectBodyless(await server().admin.headManifest(name, reference), 404);
}

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#deleting-tags
describe('deleting a tag', () => {
  test('is 202, at once, and keeps the manifest and its other tags', async () => {
    const deleted = await server().admin.deleteManifest(name, 'one');
    expect(deleted.status, deleted.text()).toBe(202);
    expect(deleted.header('content-length')).toBe('0');
    await expectGone('one');
    expect((await server().admin.headManifest(name, 'two')).status).toBe(200);
    expect((await server().admin.headManifest(name, image.digest)).status).toBe(200);
    expect((await server().admin.tags(name)).json().tags).toEqual(['index', 'two']);
  });

  test('that is not there is 404, in a repository that is not there as well', async () => {
    expectError(await server().admin.deleteManifest(name, 'none'), 404, 'MANIFEST_UNKNOWN');
    expectError(await server().admin.deleteManifest('deletes/none', 'one'), 404, 'NAME_UNKNOWN');
  });
});

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#deleting-manifests
describe('deleting a manifest', () => {
  test('is 202, at once, with all its tags', async () => {
    expectBodyless(await server().admin.deleteManifest(name, image.digest), 202);
    for (const reference of [image.digest, 'one', 'two']) await expectGone(reference);
    expect((await server().admin.tags(name)).json().tags).toEqual(['index']);
    expect((await server().admin.headManifest(name, 'index')).status).toBe(200);
  });

  test('that is not there is 404, in a repository that is not there as well', async () => {
    expectError(await server().admin.deleteManifest(name, digestOf('none')), 404, 'MANIFEST_UNKNOWN');
    expectError(await server().admin.deleteManifest('deletes/none', digestOf('none')), 404, 'NAME_UNKNOWN');
    expectError(await server().admin.deleteManifest(name, 'sha256:none'), 400, 'DIGEST_INVALID');
  });

  test('keeps the blobs, and the same manifest can be pushed again', async () => {
    await server().admin.deleteManifest(name, image.digest);
    expect((await server().admin.headBlob(name, layer.digest)).status).toBe(200);
    expect((await server().admin.pushManifest(name, 'one', image)).status).toBe(201);
  });
});

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#deleting-blobs
describe('deleting a blob', () => {
  test('is 202, at once, also for the one in use, and in this repository only', async () => {
    await pushBlobs(server().admin, `${name}/other`, layer);
    expectBodyless(await server().admin.deleteBlob(name, layer.digest), 202);
    expectError(await server().admin.getBlob(name, layer.digest), 404, 'BLOB_UNKNOWN');
    expectBodyless(await server().admin.headBlob(name, layer.digest), 404);
    expect((await server().admin.getBlob(`${name}/other`, layer.digest)).text()).toBe('layer to be deleted');
  });

  test('is 404 for one that is not there, and for one that only another repository has', async () => {
    await pushBlobs(server().admin, `${name}/other`, blobOf('only there'));
    expectError(await server().admin.deleteBlob(name, digestOf('none')), 404, 'BLOB_UNKNOWN');
    expectError(await server().admin.deleteBlob(name, digestOf('only there')), 404, 'BLOB_UNKNOWN');
    expectError(await server().admin.deleteBlob('deletes/none', digestOf('none')), 404, 'NAME_UNKNOWN');
    expect((await server().admin.headBlob(`${name}/other`, digestOf('only there'))).status).toBe(200);
  });

  test('lets it be pushed again', async () => {
    await server().admin.deleteBlob(name, layer.digest);
    await pushBlobs(server().admin, name, layer);
    expect((await server().admin.getBlob(name, layer.digest)).text()).toBe('layer to be deleted');
  });
});

test('everything goes in the order of the conformance program: tags, manifests, blobs', async () => {
  const { admin } = server();
  for (const tag of ['one', 'two', 'index']) expect((await admin.deleteManifest(name, tag)).status).toBe(202);
  for (const { digest } of [index, image]) expect((await admin.deleteManifest(name, digest)).status).toBe(202);
  for (const { digest } of [layer, config]) expect((await admin.deleteBlob(name, digest)).status).toBe(202);
  expect((await admin.tags(name)).json().tags).toEqual([]);
  for (const { digest } of [layer, config]) expectBodyless(await admin.headBlob(name, digest), 404);
});
