import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildImage,
  createPodman,
  createSkopeo,
  layoutPath,
  type Podman,
  readBlob,
  requireClient,
  requireS3Server,
  type S3Server,
  type Skopeo,
  startRegistry,
  startS3Server,
  type TestImage,
  type TestRegistry,
  writeOciLayout,
} from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectSuccess } from '../expectations.ts';
import { clientOptions, sharedDirectory, sharedResources } from '../shared.ts';

const areThere = requireS3Server('versitygw') && requireClient('skopeo') && requireClient('podman');

describe.skipIf(!areThere).each(['false', 'true'])('blobs in S3, redirect: %s', (redirect) => {
  const shared = sharedResources();
  let directory: string;
  let s3: S3Server;
  let registry: TestRegistry;
  let skopeo: Skopeo;
  let podman: Podman;
  let image: TestImage;

  beforeAll(async () => {
    directory = await sharedDirectory(shared);
    s3 = shared.use(await startS3Server('versitygw'));
    const keys = { access: s3.accessKey, secret: s3.secretKey };
    for (const [name, key] of Object.entries(keys)) await writeFile(join(directory, name), `${key}\n`, { mode: 0o600 });
    const env = {
      MCR_STORAGE_DRIVER: 's3',
      MCR_S3_ENDPOINT: s3.endpoint,
      MCR_S3_BUCKET: s3.bucket,
      MCR_S3_PREFIX: randomUUID(),
      MCR_S3_ACCESS_KEY_FILE: join(directory, 'access'),
      MCR_S3_SECRET_KEY_FILE: join(directory, 'secret'),
      MCR_S3_PART_SIZE: '5MiB',
      MCR_S3_REDIRECT: redirect,
      MCR_S3_REDIRECT_MIN: '1kB',
    };
    registry = shared.use(await startRegistry({ env }));
    skopeo = createSkopeo(await clientOptions(directory, 'skopeo', registry.caPath));
    podman = createPodman(await clientOptions(directory, 'podman', registry.caPath));
    image = await buildImage({
      layers: [
        { size: 6_000_000, seed: 's3' },
        { size: 20_000, seed: 'small' },
      ],
    });
    await writeOciLayout(join(directory, 'image'), image, 'v1');
  }, 120_000);

  test('skopeo pushes and pulls every byte', async () => {
    expectSuccess(await skopeo.login(registry.host, 'admin', registry.adminPassword));
    const remote = `docker://${registry.host}/s3/skopeo:v1`;
    expectSuccess(await skopeo.copy(`oci:${join(directory, 'image')}:v1`, remote));
    const back = join(directory, 'back');
    expectSuccess(await skopeo.copy(remote, `oci:${back}:v1`));
    for (const blob of image.blobs) expect(await readFile(layoutPath(back, blob.digest))).toEqual(await readBlob(blob));
    const response = await registry.client().request('GET', `/v2/s3/skopeo/blobs/${image.layers[0]!.digest}`);
    expect(response.status).toBe(redirect === 'true' ? 307 : 200);
  });

  test('podman pushes and pulls', async () => {
    expectSuccess(await podman.login(registry.host, 'admin', registry.adminPassword));
    expectSuccess(await podman.load(join(directory, 'image'), 'v1'));
    const id = (await podman.podman('images', '--quiet', '--no-trunc')).stdout.trim();
    const pushed = await podman.push(id, `${registry.host}/s3/podman:v1`);
    expectSuccess(pushed);
    expectSuccess(await podman.forget());
    expectSuccess(await podman.pull(`${registry.host}/s3/podman:v1`));
  });

  test('mcrsrv fsck finds nothing, and a killed registry goes on', async () => {
    await registry.kill();
    await registry.restart();
    expect(await registry.cli(['fsck', '--deep', '--config', registry.configPath, '--json'])).toContain('"left":0');
    expect((await registry.client().getManifest('s3/skopeo', 'v1')).status).toBe(200);
  });
});
