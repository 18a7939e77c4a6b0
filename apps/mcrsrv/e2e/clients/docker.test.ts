import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildMultiPlatformIndex,
  type Docker,
  type OciClient,
  pushImage,
  requireClient,
  requireExternalAddress,
  runOk,
  seededBytes,
  startDocker,
  startRegistry,
  type TestRegistry,
} from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { diffIdsOf, expectFailure, expectIntact, expectSuccess, untrusted } from '../expectations.ts';
import { clientOptions, sharedDirectory, sharedResources, strangerOptions } from '../shared.ts';
import { addPushOnlyAccount } from './_push-only.ts';
import { blobTraffic } from './_requests.ts';

/** Docker does not verify certificates on loopback addresses, so the registry listens on another one where there is one. */
const address = requireExternalAddress();

describe.skipIf(!requireClient('docker'))('docker', () => {
  const shared = sharedResources();
  let directory: string;
  let registry: TestRegistry;
  let client: OciClient;
  let docker: Docker;
  let id: string;

  beforeAll(async () => {
    directory = await sharedDirectory(shared);
    registry = shared.use(await startRegistry(address === undefined ? {} : { address }));
    client = registry.client();
    docker = shared.use(await startDocker(await clientOptions(directory, 'docker', registry.caPath)));
    await writeFile(join(directory, 'file'), seededBytes('docker', 300_000));
    const archive = join(directory, 'files.tar');
    await runOk('tar', ['--create', '--file', archive, '--directory', directory, 'file']);
    const imported = await docker.import(archive, `${registry.host}/docker/app:v1`);
    expectSuccess(imported);
    id = imported.stdout.trim();
  });

  const tag = (name: string): string => `${registry.host}/docker/${name}`;

  const layersOf = async (image: string): Promise<readonly string[]> =>
    JSON.parse((await docker.docker('image', 'inspect', image)).stdout)[0].RootFS.Layers;

  test('is rejected without a login', async () => {
    expectFailure(await docker.push(tag('app:v1')), /unauthorized|no basic auth credentials|denied/i);
  });

  test('gets a clean error for a wrong password', async () => {
    expectFailure(await docker.login(registry.host, 'admin', 'wrong'), /unauthorized/i);
  });

  test('logs in', async () => {
    const result = await docker.login(registry.host, 'admin', registry.adminPassword);
    expectSuccess(result);
    expect(result.stdout).toContain('Login Succeeded');
  });

  test('pushes, and the registry has the digest that docker names and the layers that docker had', async () => {
    const pushed = await docker.push(tag('app:v1'));
    expectSuccess(pushed);
    expect(await expectIntact(client, 'docker/app', 'v1')).toMatchObject({ digest: pushed.digest });
    expect(await diffIdsOf(client, 'docker/app', 'v1')).toEqual(await layersOf(id));
  });

  test('mounts the layers of another repository instead of sending them again', async () => {
    await docker.docker('tag', tag('app:v1'), tag('copy:v1'));
    const pushed = await docker.push(tag('copy:v1'));
    expectSuccess(pushed);
    expect(pushed.stdout).toContain('Mounted from docker/app');
    expect(await expectIntact(client, 'docker/copy', 'v1')).toMatchObject({ digest: pushed.digest });
    // Docker mounts layers; it sends the config again.
    expect(blobTraffic(registry, 'docker/copy')).toEqual({ mounted: 1, uploaded: 1 });
  });

  test('pulls the same image by tag and by digest into empty storage', async () => {
    const digest = (await client.headManifest('docker/app', 'v1')).header('docker-content-digest');
    const layers = await diffIdsOf(client, 'docker/app', 'v1');
    for (const reference of [tag('app:v1'), tag(`app@${digest}`)]) {
      await docker.forget();
      const pulled = await docker.pull(reference);
      expectSuccess(pulled);
      expect(pulled.digest).toBe(digest);
      expect((await docker.docker('images', '--quiet', '--no-trunc')).stdout.trim()).toBe(id);
      expect(await layersOf(id)).toEqual(layers);
    }
  });

  test('pulls its own platform out of an index', async () => {
    const index = await buildMultiPlatformIndex(3);
    expect(await pushImage(client, 'docker/index', 'v1', index)).toMatchObject({ status: 201 });
    const pulled = await docker.pull(tag('index:v1'));
    expectSuccess(pulled);
    expect(pulled.digest).toBe(index.manifest.digest);
    expect(await layersOf(tag('index:v1'))).toEqual(
      await diffIdsOf(client, 'docker/index', index.images[0]!.manifest.digest),
    );
  });

  test('does not find what is not there', async () => {
    expectFailure(await docker.pull(tag('app:v9')), /manifest.*unknown|not found/i);
  });

  test('learns that there is nothing to search, with or without a login', async () => {
    expectFailure(await docker.docker('search', `${registry.host}/app`), /404/);
    await docker.docker('logout', registry.host);
    expectFailure(await docker.docker('search', `${registry.host}/app`), /404/);
    expectSuccess(await docker.login(registry.host, 'admin', registry.adminPassword));
  });

  test.skipIf(address === undefined)('rejects a registry whose certificate another authority issued', async () => {
    await using stranger = await startDocker(await strangerOptions(directory));
    expectFailure(await stranger.login(registry.host, 'admin', registry.adminPassword), untrusted);
    expectFailure(await stranger.pull(tag('app:v1')), untrusted);
  });

  test('pushes twice with an account that may push and not pull, and is told that it may not pull', async () => {
    const { username, password } = await addPushOnlyAccount(registry, 'published/*');
    expectSuccess(await docker.login(registry.host, username, password));
    const published = `${registry.host}/published/app:v1`;
    await docker.docker('tag', id, published);
    for (const attempt of ['into an empty repository', 'what is there already']) {
      const pushed = await docker.push(published);
      expectSuccess(pushed);
      expect(await expectIntact(client, 'published/app', 'v1'), attempt).toMatchObject({ digest: pushed.digest });
    }
    await docker.forget();
    expectFailure(await docker.pull(published), /denied.*may not do registry:pull/);
  });
});
