import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildImage,
  buildMultiPlatformIndex,
  createSkopeo,
  layoutPath,
  type OciClient,
  pushImage,
  requireClient,
  type Skopeo,
  startCtr,
  startRegistry,
  type TestImage,
  type TestRegistry,
  writeOciLayout,
} from '@mcr/testkit';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { expectIntact, expectSame, expectSuccess } from '../expectations.ts';
import { clientOptions, sharedDirectory, sharedResources } from '../shared.ts';

/** What the server may need at most, whatever goes through it. */
const memoryLimit = 300 * 1e6;
/** An image of many layers, each of random content and just above one KiB when packed. */
const imageOfLayers = (count: number): Promise<TestImage> =>
  buildImage({ layers: Array.from({ length: count }, (_, at) => ({ size: 900, seed: `layer ${at} of ${count}` })) });
/** On two cores with nothing else to do they take a fifth of it. */
const slow = { timeout: 400_000 };

describe.skipIf(!(requireClient('skopeo') && requireClient('ctr')))('big images', () => {
  const shared = sharedResources();
  let directory: string;
  let registry: TestRegistry;
  let client: OciClient;
  let skopeo: Skopeo;

  beforeAll(async () => {
    directory = await sharedDirectory(shared);
    registry = shared.use(await startRegistry());
    client = registry.client();
    skopeo = createSkopeo(await clientOptions(directory, 'skopeo', registry.caPath));
    expectSuccess(await skopeo.login(registry.host, 'admin', registry.adminPassword));
  });

  afterEach(async () => {
    expect((await registry.memory()).peakRss).toBeLessThan(memoryLimit);
  });

  const layout = async (name: string): Promise<string> => {
    await mkdir(join(directory, name));
    return join(directory, name);
  };

  test('an index of 20 platforms goes up and comes back', async () => {
    const index = await buildMultiPlatformIndex(20);
    await writeOciLayout(await layout('platforms'), index, 'v1');
    expectSuccess(
      await skopeo.copy(`oci:${directory}/platforms:v1`, `docker://${registry.host}/big/platforms:v1`, '--all'),
    );
    await expectSame(client, 'big/platforms', 'v1', index);
    expectSuccess(await skopeo.copy(`docker://${registry.host}/big/platforms:v1`, `oci:${directory}/back:v1`, '--all'));
    for (const { manifest } of [index, ...index.images]) {
      expect(await readFile(layoutPath(`${directory}/back`, manifest.digest))).toEqual(manifest.bytes);
    }
  });

  test('an image of 1,000 layers of 1 KiB goes up and comes back', slow, async () => {
    const image = await imageOfLayers(1000);
    // Skopeo would need more than a minute of processor time to push it, whatever the registry.
    expect(await pushImage(client, 'big/layers', 'v1', image, 'stream')).toMatchObject({ status: 201 });
    await expectSame(client, 'big/layers', 'v1', image);
    expectSuccess(await skopeo.copy(`docker://${registry.host}/big/layers:v1`, `oci:${directory}/layers:v1`));
    expect(await readFile(layoutPath(`${directory}/layers`, image.manifest.digest))).toEqual(image.manifest.bytes);
  });

  test('a client that opens a connection for each of 250 layers at once is served', slow, async () => {
    const image = await imageOfLayers(250);
    await writeOciLayout(await layout('at-once'), image, 'v1');
    const credentials = { username: 'admin', password: registry.adminPassword };
    const options = { ...(await clientOptions(directory, 'ctr', registry.caPath)), host: registry.host, credentials };
    await using ctr = await startCtr(options);
    expectSuccess(await ctr.load(`${directory}/at-once`, `${registry.host}/big/at-once`));
    expectSuccess(await ctr.push(`${registry.host}/big/at-once:v1`));
    await expectSame(client, 'big/at-once', 'v1', image);
  });

  test('an image with one layer of 2 GiB goes up and comes back', slow, async () => {
    const image = await buildImage({ layers: [{ size: 2 ** 31, directory: await layout('large-layers') }] });
    await writeOciLayout(await layout('large'), image, 'v1');
    expect(image.layers[0]!.size).toBeGreaterThan(2 ** 31);
    expectSuccess(await skopeo.copy(`oci:${directory}/large:v1`, `docker://${registry.host}/big/large:v1`));
    // Downloads it and compares its digest.
    await expectSame(client, 'big/large', 'v1', image);
  });

  test('a manifest of 3.9 MB goes up and comes back', async () => {
    const image = await buildImage({ layers: [{ size: 1 }], annotations: { filler: 'x'.repeat(3_900_000) } });
    expect(await pushImage(client, 'big/manifest', 'v1', image)).toMatchObject({ status: 201 });
    await expectSame(client, 'big/manifest', 'v1', image);
    expectSuccess(await skopeo.copy(`docker://${registry.host}/big/manifest:v1`, `oci:${directory}/manifest:v1`));
    expect(await readFile(layoutPath(`${directory}/manifest`, image.manifest.digest))).toEqual(image.manifest.bytes);
  });

  test('many clients at once leave the memory of the server flat', async () => {
    const images = await Promise.all(
      Array.from({ length: 8 }, (_, at) => buildImage({ layers: [{ size: 16 << 20, seed: `parallel ${at}` }] })),
    );
    await Promise.all(images.map((image, at) => pushImage(client, `big/parallel-${at}`, 'v1', image, 'stream')));
    const intact = await Promise.all(images.map((_, at) => expectIntact(client, `big/parallel-${at}`, 'v1')));
    expect(intact.map(({ digest }) => digest)).toEqual(images.map(({ manifest }) => manifest.digest));
  });
});
