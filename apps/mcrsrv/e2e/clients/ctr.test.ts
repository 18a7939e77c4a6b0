import { join } from 'node:path';
import {
  buildImage,
  buildMultiPlatformIndex,
  type Ctr,
  type OciClient,
  requireClient,
  startCtr,
  startRegistry,
  type TestImage,
  type TestIndex,
  type TestRegistry,
  writeOciLayout,
} from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectFailure, expectSame, expectSuccess, untrusted } from '../expectations.ts';
import { clientOptions, sharedDirectory, sharedResources, strangerOptions } from '../shared.ts';
import { blobTraffic } from './_requests.ts';

describe.skipIf(!requireClient('ctr'))('ctr', () => {
  const shared = sharedResources();
  let directory: string;
  let registry: TestRegistry;
  let client: OciClient;
  let ctr: Ctr;
  let image: TestImage;
  let index: TestIndex;

  beforeAll(async () => {
    directory = await sharedDirectory(shared);
    registry = shared.use(await startRegistry());
    client = registry.client();
    const credentials = { username: 'admin', password: registry.adminPassword };
    const options = await clientOptions(directory, 'ctr', registry.caPath);
    ctr = shared.use(await startCtr({ ...options, host: registry.host, credentials }));
    image = await buildImage({ layers: [{ size: 1000 }, { size: 100_000 }] });
    index = await buildMultiPlatformIndex(4);
    await writeOciLayout(join(directory, 'image'), image, 'v1');
    await writeOciLayout(join(directory, 'index'), index, 'v1');
    expectSuccess(await ctr.load(join(directory, 'image'), reference('app')));
    expectSuccess(await ctr.load(join(directory, 'index'), reference('index')));
  });

  const reference = (name: string): string => `${registry.host}/ctr/${name}`;

  test('pushes an image, byte by byte', async () => {
    expectSuccess(await ctr.push(reference('app:v1')));
    await expectSame(client, 'ctr/app', 'v1', image);
  });

  test('pushes an index with all of its images, byte by byte', async () => {
    expectSuccess(await ctr.push(reference('index:v1')));
    await expectSame(client, 'ctr/index', 'v1', index);
  });

  test('pulls the same content by tag and by digest into an empty store', async () => {
    const all = [
      [reference('app:v1'), image],
      [reference(`app@${image.manifest.digest}`), image],
      [reference('index:v1'), index],
    ] as const;
    for (const [name, content] of all) {
      await ctr.forget();
      expectSuccess(await ctr.pull(name, '--all-platforms'));
      expect(await ctr.digest(name)).toBe(content.manifest.digest);
      const stored = (await ctr.ctr('content', 'ls', '-q')).stdout.trim().split('\n');
      const images = 'images' in content ? content.images : [content];
      const expected = [content, ...images].flatMap((part) => [part.manifest, ...('blobs' in part ? part.blobs : [])]);
      expect(stored.toSorted()).toEqual([...new Set(expected.map(({ digest }) => digest))].toSorted());
    }
  });

  test('mounts the layers of another repository instead of sending them again', async () => {
    expectSuccess(await ctr.pull(reference('app:v1')));
    expectSuccess(await ctr.ctr('images', 'tag', reference('app:v1'), reference('copy:v1')));
    expectSuccess(await ctr.push(reference('copy:v1')));
    await expectSame(client, 'ctr/copy', 'v1', image);
    expect(blobTraffic(registry, 'ctr/copy').mounted).toBeGreaterThanOrEqual(2);
  });

  test('does not find what is not there', async () => {
    expectFailure(await ctr.pull(reference('app:v9')), /not found/);
  });

  test('gets a clean error for a wrong password', async () => {
    const options = await clientOptions(directory, 'intruder', registry.caPath);
    const credentials = { username: 'admin', password: 'wrong' };
    await using intruder = await startCtr({ ...options, host: registry.host, credentials });
    expectFailure(await intruder.pull(reference('app:v1')), /401|unauthorized|authorization failed/i);
  });

  test('rejects a registry whose certificate another authority issued', async () => {
    await using stranger = await startCtr({ ...(await strangerOptions(directory)), host: registry.host });
    expectFailure(await stranger.pull(reference('app:v1')), untrusted);
  });
});
