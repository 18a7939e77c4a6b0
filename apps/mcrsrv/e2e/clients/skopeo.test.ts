import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildMultiPlatformIndex,
  createSkopeo,
  layoutPath,
  type OciClient,
  readBlob,
  requireClient,
  type Skopeo,
  startRegistry,
  type TestIndex,
  type TestRegistry,
  writeOciLayout,
} from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectFailure, expectSame, expectSuccess, untrusted } from '../expectations.ts';
import { clientOptions, sharedDirectory, sharedResources, strangerOptions } from '../shared.ts';
import { addPushOnlyAccount } from './_push-only.ts';
import { blobTraffic } from './_requests.ts';

describe.skipIf(!requireClient('skopeo'))('skopeo', () => {
  const shared = sharedResources();
  let directory: string;
  let registry: TestRegistry;
  let client: OciClient;
  let skopeo: Skopeo;
  let index: TestIndex;

  beforeAll(async () => {
    directory = await sharedDirectory(shared);
    registry = shared.use(await startRegistry());
    client = registry.client();
    skopeo = createSkopeo(await clientOptions(directory, 'skopeo', registry.caPath));
    index = await buildMultiPlatformIndex(5);
    await writeOciLayout(join(directory, 'index'), index, 'v1');
  });

  const remote = (name: string): string => `docker://${registry.host}/skopeo/${name}`;

  test('gets a clean error for a wrong password', async () => {
    expectFailure(await skopeo.login(registry.host, 'admin', 'wrong'), /invalid username\/password/);
  });

  test('logs in', async () => {
    expectSuccess(await skopeo.login(registry.host, 'admin', registry.adminPassword));
  });

  test('copies a multi-platform index with all of its images, byte by byte', async () => {
    expectSuccess(await skopeo.copy(`oci:${join(directory, 'index')}:v1`, remote('index:v1'), '--all'));
    await expectSame(client, 'skopeo/index', 'v1', index);
  });

  test('copies it back, byte by byte', async () => {
    const back = join(directory, 'back');
    expectSuccess(await skopeo.copy(remote('index:v1'), `oci:${back}:v1`, '--all'));
    const manifests = [index.manifest, ...index.images.map(({ manifest }) => manifest)];
    for (const { digest, bytes } of manifests) expect(await readFile(layoutPath(back, digest))).toEqual(bytes);
    for (const blob of index.images.flatMap(({ blobs }) => blobs)) {
      expect(await readFile(layoutPath(back, blob.digest))).toEqual(await readBlob(blob));
    }
  });

  test('copies one platform out of an index, by digest', async () => {
    const { manifest } = index.images[0]!;
    expectSuccess(await skopeo.copy(remote(`index@${manifest.digest}`), `oci:${join(directory, 'one')}:v1`));
    expect(await readFile(layoutPath(join(directory, 'one'), manifest.digest))).toEqual(manifest.bytes);
  });

  test('inspects an image and its raw manifest', async () => {
    const inspected = await skopeo.skopeo('inspect', remote('index:v1'));
    expectSuccess(inspected);
    expect(JSON.parse(inspected.stdout)).toMatchObject({
      Digest: index.manifest.digest,
      RepoTags: ['v1'],
      Architecture: 'amd64',
      Layers: index.images[0]!.layers.map(({ digest }) => digest),
    });
    const raw = await skopeo.skopeo('inspect', '--raw', remote('index:v1'));
    expect(raw.stdout).toBe(Buffer.from(index.manifest.bytes).toString());
  });

  test('mounts layers from another repository instead of sending them again', async () => {
    expectSuccess(await skopeo.copy(remote('index:v1'), remote('copy:v2'), '--all'));
    await expectSame(client, 'skopeo/copy', 'v2', index);
    // Skopeo mounts layers; it sends configs again.
    expect(blobTraffic(registry, 'skopeo/copy')).toEqual({ mounted: 5, uploaded: 5 });
  });

  test('lists tags', async () => {
    expectSuccess(await skopeo.copy(remote('index:v1'), remote('index:latest'), '--all'));
    const listed = await skopeo.skopeo('list-tags', remote('index'));
    expectSuccess(listed);
    expect(JSON.parse(listed.stdout).Tags).toEqual(['latest', 'v1']);
  });

  test('deletes an image with all of its tags, and leaves other repositories alone', async () => {
    expectSuccess(await skopeo.skopeo('delete', remote('index:v1')));
    expectFailure(await skopeo.skopeo('inspect', remote('index:v1')), /manifest unknown/i);
    expectFailure(await skopeo.skopeo('inspect', remote('index:latest')), /manifest unknown/i);
    await expectSame(client, 'skopeo/copy', 'v2', index);
  });

  test('rejects a registry whose certificate another authority issued', async () => {
    const stranger = createSkopeo(await strangerOptions(directory));
    expectFailure(await stranger.skopeo('inspect', remote('copy:v2')), untrusted);
  });

  test('copies twice with an account that may push and not pull, and is told that it may not pull', async () => {
    const { username, password } = await addPushOnlyAccount(registry, 'published/*');
    expectSuccess(await skopeo.login(registry.host, username, password));
    const published = `docker://${registry.host}/published/index:v1`;
    for (const attempt of ['into an empty repository', 'what is there already']) {
      expectSuccess(await skopeo.copy(`oci:${join(directory, 'index')}:v1`, published, '--all'));
      expect((await client.headManifest('published/index', 'v1')).status, attempt).toBe(200);
    }
    await expectSame(client, 'published/index', 'v1', index);
    expectFailure(await skopeo.skopeo('inspect', published), /denied/);
  });
});
