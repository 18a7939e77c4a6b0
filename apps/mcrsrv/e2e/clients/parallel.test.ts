import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  blobOf,
  buildImage,
  createPodman,
  createSkopeo,
  type OciClient,
  pushImage,
  requireClient,
  seededBytes,
  startRegistry,
  type TestRegistry,
  writeOciLayout,
} from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectIntact, expectSame, expectSuccess } from '../expectations.ts';
import { clientOptions, sharedDirectory, sharedResources } from '../shared.ts';

const shared = sharedResources();
let directory: string;
let registry: TestRegistry;
let client: OciClient;

beforeAll(async () => {
  directory = await sharedDirectory(shared);
  registry = shared.use(await startRegistry());
  client = registry.client();
});

describe.skipIf(!(requireClient('podman') && requireClient('skopeo')))('different clients', () => {
  test('push the same image to the same tag at once', async () => {
    const image = await buildImage({ layers: [{ size: 3_000_000 }, { size: 1000 }, { size: 2_000_000 }] });
    const layout = join(directory, 'image');
    await mkdir(layout);
    await writeOciLayout(layout, image, 'v1');
    const skopeo = createSkopeo(await clientOptions(directory, 'skopeo', registry.caPath));
    const podman = createPodman(await clientOptions(directory, 'podman', registry.caPath));
    for (const tool of [skopeo, podman]) {
      expectSuccess(await tool.login(registry.host, 'admin', registry.adminPassword));
    }
    const loaded = await podman.load(layout, 'v1');
    expectSuccess(loaded);

    const destination = `${registry.host}/parallel/app:v1`;
    const [bySkopeo, again, byPodman, byClient] = await Promise.all([
      skopeo.copy(`oci:${layout}:v1`, `docker://${destination}`),
      skopeo.copy(`oci:${layout}:v1`, `docker://${registry.host}/parallel/other:v1`),
      podman.push(loaded.stdout.trim(), destination),
      pushImage(client, 'parallel/app', 'v1', image, 'stream'),
    ]);
    for (const result of [bySkopeo, again, byPodman]) expectSuccess(result);
    expect(byClient.status).toBe(201);

    // Podman packs layers anew, so the tag is one of two manifests, and both are there.
    const { digest } = await expectIntact(client, 'parallel/app', 'v1');
    expect([image.manifest.digest, byPodman.digest]).toContain(digest);
    await expectSame(client, 'parallel/app', image.manifest.digest, image);
    await expectIntact(client, 'parallel/app', byPodman.digest);
    await expectSame(client, 'parallel/other', 'v1', image);
  });
});

test('uploads of one blob at once, in every shape, all succeed and leave one blob', async () => {
  const blob = blobOf(seededBytes('same blob', 5_000_000));
  const modes = ['put', 'post', 'stream', { chunkSize: 1 << 20 }, 'put', 'post', 'stream', 'put'] as const;
  const responses = await Promise.all(modes.map((mode) => client.pushBlob('parallel/blob', blob, mode)));
  expect(responses.map(({ status }) => status)).toEqual(modes.map(() => 201));
  expect(await client.hashBlob('parallel/blob', blob.digest)).toEqual({
    status: 200,
    size: blob.size,
    digest: blob.digest,
  });
});

test('an image under sha512 goes up in every shape and comes back', async () => {
  for (const mode of ['put', 'post', 'stream', { chunkSize: 70_000 }] as const) {
    const layers = [{ size: 200_000, seed: `sha512 ${JSON.stringify(mode)}` }];
    const image = await buildImage({ layers, algorithm: 'sha512' });
    const pushed = await pushImage(client, 'parallel/sha512', `${image.manifest.digest}?tag=v1`, image, mode);
    expect(pushed.status, pushed.text()).toBe(201);
    expect(pushed.header('oci-tag')).toBe('v1');

    for (const reference of ['v1', image.manifest.digest]) {
      const response = await client.getManifest('parallel/sha512', reference);
      expect(response.header('docker-content-digest')).toBe(image.manifest.digest);
      expect(response.body).toEqual(image.manifest.bytes);
    }
    for (const blob of image.blobs) {
      const response = await client.getBlob('parallel/sha512', blob.digest);
      expect(response.status).toBe(200);
      expect(blobOf(response.body, blob.mediaType, 'sha512').digest).toBe(blob.digest);
    }
  }
});
