import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildImage,
  createBuildah,
  createPodman,
  createSkopeo,
  layoutPath,
  type Replicas,
  readBlob,
  requireClient,
  requirePostgres,
  requireS3Server,
  runOk,
  seededBytes,
  startCtr,
  startDocker,
  startReplicas,
  startSharedStores,
  type TestImage,
  writeOciLayout,
} from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectSuccess } from '../expectations.ts';
import { clientOptions, sharedDirectory, sharedResources } from '../shared.ts';

const clients = (['skopeo', 'podman', 'buildah', 'docker', 'ctr'] as const).map(requireClient);
const canRun = [...clients, requirePostgres(15), requireS3Server('versitygw')].every(Boolean);

describe.skipIf(!canRun).each(['false', 'true'])(
  'replicas on PostgreSQL and S3 behind haproxy, redirect: %s',
  (redirect) => {
    const shared = sharedResources();
    let directory: string;
    let replicas: Replicas;
    let image: TestImage;
    let credentials: { readonly username: string; readonly password: string };
    const options = (client: string) => clientOptions(directory, client, replicas.caPath);
    const name = (repository: string): string => `${replicas.host}/replicas/${repository}:v1`;

    beforeAll(async () => {
      directory = await sharedDirectory(shared);
      const { env } = shared.use(await startSharedStores());
      const redirects = { MCR_S3_REDIRECT: redirect, MCR_S3_REDIRECT_MIN: '1kB' };
      replicas = shared.use(await startReplicas({ count: 2, env: { ...env, ...redirects } }));
      credentials = { username: 'admin', password: replicas.adminPassword };
      const layers = [
        { size: 6_000_000, seed: 'replicas' },
        { size: 20_000, seed: 'small' },
      ];
      image = await buildImage({ layers });
      await writeOciLayout(join(directory, 'image'), image, 'v1');
    });

    test('skopeo pushes and pulls every byte', async () => {
      const skopeo = createSkopeo(await options('skopeo'));
      expectSuccess(await skopeo.login(replicas.host, credentials.username, credentials.password));
      expectSuccess(await skopeo.copy(`oci:${join(directory, 'image')}:v1`, `docker://${name('skopeo')}`));
      const back = join(directory, 'back');
      expectSuccess(await skopeo.copy(`docker://${name('skopeo')}`, `oci:${back}:v1`));
      for (const blob of image.blobs)
        expect(await readFile(layoutPath(back, blob.digest))).toEqual(await readBlob(blob));
    });

    test('podman pushes, and buildah pulls it', async () => {
      const podman = createPodman(await options('podman'));
      expectSuccess(await podman.login(replicas.host, credentials.username, credentials.password));
      expectSuccess(await podman.load(join(directory, 'image'), 'v1'));
      const id = (await podman.podman('images', '--quiet', '--no-trunc')).stdout.trim();
      expectSuccess(await podman.push(id, name('podman')));
      expectSuccess(await podman.forget());
      expectSuccess(await podman.pull(name('podman')));
      const buildah = createBuildah(await options('buildah'));
      expectSuccess(await buildah.login(replicas.host, credentials.username, credentials.password));
      expectSuccess(await buildah.buildah('pull', name('podman')));
    });

    test('docker pushes and pulls', async () => {
      await using docker = await startDocker(await options('docker'));
      await writeFile(join(directory, 'file'), seededBytes('docker', 300_000));
      const archive = join(directory, 'files.tar');
      await runOk('tar', ['--create', '--file', archive, '--directory', directory, 'file']);
      expectSuccess(await docker.import(archive, name('docker')));
      expectSuccess(await docker.login(replicas.host, credentials.username, credentials.password));
      expectSuccess(await docker.push(name('docker')));
      expectSuccess(await docker.docker('image', 'rm', name('docker')));
      expectSuccess(await docker.docker('pull', name('docker')));
    });

    test('ctr pushes and pulls', async () => {
      await using ctr = await startCtr({ ...(await options('ctr')), host: replicas.host, credentials });
      expectSuccess(await ctr.load(join(directory, 'image'), `${replicas.host}/replicas/ctr`));
      expectSuccess(await ctr.push(name('ctr')));
      await ctr.forget();
      expectSuccess(await ctr.pull(name('ctr')));
    });

    test('both replicas served them', async () => {
      for (const replica of replicas.replicas) expect(replica.log()).toContain('/v2/:name{.+}/blobs/:digest');
    });
  },
);
