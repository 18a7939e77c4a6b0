import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { blobOf, locationOf, seededBytes, startRegistry, tempDirectory } from '@mcr/testkit';
import { Library } from '../_util/library.ts';
import { readOnly } from '../_util/mounts.ts';
import { Observation, type Row } from '../_util/observation.ts';
import type { Scenario } from '../_util/scenario.ts';
import { failCalls } from '../_util/system-calls.ts';

async function readOnlyBlobs(): Promise<Row> {
  await using directory = await tempDirectory();
  const path = join(directory.path, 'blobs');
  await mkdir(path);
  const env = { MCR_STORAGE_LAYERS_PATH: join(path, 'layers'), MCR_STORAGE_UPLOADS_PATH: join(path, 'uploads') };
  await using registry = await startRegistry({ env });
  const library = new Library(registry);
  const client = registry.client();
  const image = await library.push(client, 'v1');
  const begun = locationOf(await client.startUpload(library.repository));
  const blob = blobOf(seededBytes('read-only', 1_000));

  const seen = new Observation('Blobs on a read-only file system', 'remounted read-only', registry);
  {
    await using _fault = await readOnly(path);
    await seen.ask('POST of a session', () => client.startUpload(library.repository));
    await seen.ask('PATCH', () => client.patchUpload(begun, 'more'));
    await seen.ask('PUT', () => client.finishUpload(begun, blob.digest, seededBytes('read-only', 1_000)));
    await seen.ask('`/v1/ready`', () => client.request('GET', '/v1/ready'));
    await seen.ask('GET of a blob', () => client.getBlob(library.repository, image.config.digest));
    await seen.ask('PUT of a manifest', () => client.pushManifest(library.repository, 'v2', image.manifest));
    await seen.ask('DELETE of a manifest', () => client.deleteManifest(library.repository, image.manifest.digest));
    library.forget('v1');
    await seen.logged(registry, /storage is read-only/);
    seen.lives(registry);
  }
  seen.kept(await library.verifyAfterRestart());
  return seen.row();
}

async function readOnlyDatabase(): Promise<Row> {
  await using registry = await startRegistry();
  const library = new Library(registry);
  const client = registry.client();
  const image = await library.push(client, 'v1');
  const wal = join(registry.directory, 'mcr.db-wal');

  const seen = new Observation('Database on a read-only file system', 'writes to its log fail with EROFS', registry);
  {
    await using _fault = await failCalls(registry.pid, { calls: ['pwrite64'], error: 'EROFS', path: wal });
    await seen.ask('POST of a session', () => client.startUpload(library.repository));
    await seen.ask('PUT of a manifest', () => client.pushManifest(library.repository, 'v2', image.manifest));
    await seen.ask('DELETE of a manifest', () => client.deleteManifest(library.repository, image.manifest.digest));
    await seen.ask('GET of a manifest', () => client.getManifest(library.repository, 'v1'));
    await seen.ask('GET of a blob', () => client.getBlob(library.repository, image.config.digest));
    await seen.logged(registry, /"msg":"request failed"/);
    seen.lives(registry);
  }
  seen.kept(await library.verifyAfterRestart());
  return seen.row();
}

/** File systems that the kernel has made read-only, as it does after an error. */
export const readOnlyFileSystems: Scenario = {
  name: 'read-only file systems',
  tools: ['mount', 'strace'],
  run: async () => [await readOnlyBlobs(), await readOnlyDatabase()],
};
