import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Buildah,
  createBuildah,
  type OciClient,
  requireClient,
  seededBytes,
  startRegistry,
  type TestRegistry,
} from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectFailure, expectIntact, expectSuccess, untrusted } from '../expectations.ts';
import { clientOptions, sharedDirectory, sharedResources, strangerOptions } from '../shared.ts';

describe.skipIf(!requireClient('buildah'))('buildah', () => {
  const shared = sharedResources();
  let directory: string;
  let registry: TestRegistry;
  let client: OciClient;
  let buildah: Buildah;
  const image = 'localhost/built';

  beforeAll(async () => {
    directory = await sharedDirectory(shared);
    registry = shared.use(await startRegistry());
    client = registry.client();
    buildah = createBuildah(await clientOptions(directory, 'buildah', registry.caPath));
    await writeFile(join(directory, 'file'), seededBytes('buildah', 200_000));
    expectSuccess(await buildah.build(join(directory, 'file'), image));
  });

  test('gets a clean error for a wrong password', async () => {
    expectFailure(await buildah.login(registry.host, 'admin', 'wrong'), /invalid username\/password/);
  });

  test('logs in', async () => {
    expectSuccess(await buildah.login(registry.host, 'admin', registry.adminPassword));
  });

  test.each(['oci', 'v2s2'])('pushes what it built in the format %s', async (format) => {
    const pushed = await buildah.push(image, `${registry.host}/buildah/app:${format}`, '--format', format);
    expectSuccess(pushed);
    const { digest, layers } = await expectIntact(client, 'buildah/app', format);
    expect(digest).toBe(pushed.digest);
    expect(layers).toHaveLength(1);
  });

  test('starts from what it pushed', async () => {
    const pulled = await buildah.buildah('pull', '--policy=always', `${registry.host}/buildah/app:oci`);
    expectSuccess(pulled);
    const local = await buildah.buildah(
      'inspect',
      '--type=image',
      '--format={{.FromImageDigest}}',
      pulled.stdout.trim(),
    );
    expect(local.stdout.trim()).toBe((await client.headManifest('buildah/app', 'oci')).header('docker-content-digest'));
  });

  test('rejects a registry whose certificate another authority issued', async () => {
    const stranger = createBuildah(await strangerOptions(directory));
    expectFailure(await stranger.login(registry.host, 'admin', registry.adminPassword), untrusted);
  });
});
