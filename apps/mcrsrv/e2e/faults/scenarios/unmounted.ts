import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { blobOf, seededBytes, startRegistry, type TestRegistry, tempDirectory } from '@mcr/testkit';
import { Library } from '../_util/library.ts';
import { mounted } from '../_util/mounts.ts';
import { Observation, type Row } from '../_util/observation.ts';
import type { Scenario } from '../_util/scenario.ts';
import { startInVain } from '../_util/start-in-vain.ts';

interface Setting {
  readonly registry: TestRegistry;
  readonly library: Library;
  /** What has the mount point in it. */
  readonly directory: string;
  /** Mounts the disk of the layers. */
  readonly mount: () => Promise<AsyncDisposable>;
}

async function whileRunning({ registry, library, mount }: Setting, disk: AsyncDisposable): Promise<Row> {
  const client = registry.client();
  const image = await library.push(client, 'v1');
  const seen = new Observation(
    'Layers that are unmounted while the server runs',
    'lazily, as open files ask for',
    registry,
  );
  await disk[Symbol.asyncDispose]();
  const blob = blobOf(seededBytes('unmounted', 1_000));
  await seen.ask('GET of a blob', () => client.getBlob(library.repository, image.config.digest));
  await seen.ask('POST of a blob', () => client.pushBlob(library.repository, blob, 'post'));
  await seen.ask('`/v1/ready`', () => client.request('GET', '/v1/ready'));
  await seen.ask('HEAD of a blob', () => client.headBlob(library.repository, image.config.digest));
  await seen.ask('GET of a manifest', () => client.getManifest(library.repository, 'v1'));
  await seen.logged(registry, /^(?=.*request failed).*not where it was/);
  seen.lives(registry);
  await using _again = await mount();
  await library.verify(client);
  seen.kept('all, once it is mounted again');
  return seen.row();
}

async function atStart({ registry, library, mount, directory }: Setting): Promise<Row> {
  const seen = new Observation('Layers that are not mounted at the start', 'their directory is empty', registry);
  await registry.stop();
  const attempt = await startInVain(registry);
  seen.note('start', 'rejected');
  await seen.logged({ log: attempt.log, directory }, /storage\.layers_path/);
  seen.ended(attempt);
  await using _disk = await mount();
  seen.kept(await library.verifyAfterRestart());
  await registry.stop();
  return seen.row();
}

/** A disk with the layers that is not there, or goes. */
export const unmountedLayers: Scenario = {
  name: 'unmounted layers',
  tools: ['mount'],
  async run() {
    await using directory = await tempDirectory();
    const [disk, path] = [join(directory.path, 'disk'), join(directory.path, 'mounted')];
    for (const name of [disk, path]) await mkdir(name);
    const mount = () => mounted(disk, path);
    const first = await mount();
    await using registry = await startRegistry({
      env: { MCR_STORAGE_LAYERS_PATH: join(path, 'layers'), MCR_STORAGE_UPLOADS_PATH: join(path, 'uploads') },
    });
    const setting = { registry, library: new Library(registry), mount, directory: directory.path };
    return [await whileRunning(setting, first), await atStart(setting)];
  },
};
