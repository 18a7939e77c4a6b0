import { join } from 'node:path';
import {
  buildImage,
  createPodman,
  type OciClient,
  type Podman,
  requireClient,
  startRegistry,
  type TestImage,
  type TestRegistry,
  writeOciLayout,
} from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { diffIdsOf, expectFailure, expectIntact, expectSuccess, untrusted } from '../expectations.ts';
import { clientOptions, sharedDirectory, sharedResources, strangerOptions } from '../shared.ts';
import { addPushOnlyAccount } from './_push-only.ts';
import { blobTraffic } from './_requests.ts';

describe.skipIf(!requireClient('podman'))('podman', () => {
  const shared = sharedResources();
  let directory: string;
  let registry: TestRegistry;
  let client: OciClient;
  let podman: Podman;
  let image: TestImage;
  let id: string;

  beforeAll(async () => {
    directory = await sharedDirectory(shared);
    registry = shared.use(await startRegistry());
    client = registry.client();
    podman = createPodman(await clientOptions(directory, 'podman', registry.caPath));
    image = await buildImage({ layers: [{ size: 1000 }, { size: 100_000 }, { size: 10 }] });
    await writeOciLayout(join(directory, 'image'), image, 'v1');
    const loaded = await podman.load(join(directory, 'image'), 'v1');
    expectSuccess(loaded);
    id = loaded.stdout.trim();
  });

  test('is rejected without a login, with the registry’s own words', async () => {
    expectFailure(await podman.push(id, `${registry.host}/podman/app:v1`), /authentication required|unauthorized/i);
  });

  test('gets a clean error for a wrong password', async () => {
    expectFailure(await podman.login(registry.host, 'admin', 'wrong'), /invalid username\/password/);
  });

  test('logs in', async () => {
    const result = await podman.login(registry.host, 'admin', registry.adminPassword);
    expectSuccess(result);
    expect(result.stdout).toContain('Login Succeeded!');
  });

  test('pushes, and the registry has the digest that podman names and the layers that podman had', async () => {
    const pushed = await podman.push(id, `${registry.host}/podman/app:v1`);
    expectSuccess(pushed);
    expect(await expectIntact(client, 'podman/app', 'v1')).toMatchObject({ digest: pushed.digest });
    const original = JSON.parse(Buffer.from(image.config.content as Uint8Array).toString());
    expect(await diffIdsOf(client, 'podman/app', 'v1')).toEqual(original.rootfs.diff_ids);
  });

  test('pulls the same image by tag and by digest into empty storage', async () => {
    const digest = (await client.headManifest('podman/app', 'v1')).header('docker-content-digest');
    for (const reference of [`${registry.host}/podman/app:v1`, `${registry.host}/podman/app@${digest}`]) {
      expectSuccess(await podman.forget());
      const pulled = await podman.pull(reference);
      expectSuccess(pulled);
      expect(pulled.stdout.trim()).toBe(id);
      const inspected = await podman.podman('image', 'inspect', id);
      const [local] = JSON.parse(inspected.stdout);
      expect(local.Digest).toBe(digest);
      expect(local.RootFS.Layers).toEqual(await diffIdsOf(client, 'podman/app', 'v1'));
    }
  });

  test('mounts the layers of another repository instead of sending them again', async () => {
    const pushed = await podman.push(id, `${registry.host}/podman/copy:v1`);
    expectSuccess(pushed);
    expect(await expectIntact(client, 'podman/copy', 'v1')).toMatchObject({ digest: pushed.digest });
    expect(blobTraffic(registry, 'podman/copy').mounted).toBe(3);
  });

  test('finds the repositories by search', async () => {
    const found = await podman.podman('search', '--format', '{{.Name}}', `${registry.host}/podman`);
    expectSuccess(found);
    expect(found.stdout.trim().split('\n').toSorted()).toEqual([
      `${registry.host}/podman/app`,
      `${registry.host}/podman/copy`,
    ]);
  });

  test('does not find what is not there', async () => {
    expectFailure(await podman.pull(`${registry.host}/podman/app:v9`), /manifest unknown/i);
    expectFailure(await podman.pull(`${registry.host}/podman/nothing:v1`), /name unknown|manifest unknown|not known/i);
  });

  test('rejects a registry whose certificate another authority issued', async () => {
    const stranger = createPodman(await strangerOptions(directory));
    expectFailure(await stranger.login(registry.host, 'admin', registry.adminPassword), untrusted);
    expectFailure(await stranger.pull(`${registry.host}/podman/app:v1`), untrusted);
  });

  test('pushes twice with an account that may push and not pull, and is told that it may not pull', async () => {
    const { username, password } = await addPushOnlyAccount(registry, 'published/*');
    expectSuccess(await podman.login(registry.host, username, password));
    await podman.load(join(directory, 'image'), 'v1');
    const published = `${registry.host}/published/app:v1`;
    for (const attempt of ['into an empty repository', 'what is there already']) {
      const pushed = await podman.push(id, published);
      expectSuccess(pushed);
      expect(await expectIntact(client, 'published/app', 'v1'), attempt).toMatchObject({ digest: pushed.digest });
    }
    expectFailure(await podman.pull(published), /denied/);
  });
});
