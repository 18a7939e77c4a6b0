import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { blobOf, buildArtifact, locationOf, type OciClient, seededBytes, startRegistry } from '@mcr/testkit';
import { Library } from '../_util/library.ts';
import { smallFileSystem } from '../_util/mounts.ts';
import { Observation, type Row } from '../_util/observation.ts';
import type { Scenario } from '../_util/scenario.ts';
import { untilTrue } from '../_util/until.ts';

const MiB = 1 << 20;

async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

/** Takes room from a file system until no more than `rest` bytes are free; returns how to give it back. */
async function fill(path: string, rest: number): Promise<() => Promise<void>> {
  const filler = join(path, `filler-${randomUUID()}`);
  await writeFile(filler, Buffer.alloc((await freeBytes(path)) - rest));
  return () => rm(filler);
}

/** Where blobs go when they are to be on a file system of their own. */
function blobsOn(path: string, minFree: string): Record<string, string> {
  return {
    MCR_STORAGE_LAYERS_PATH: join(path, 'layers'),
    MCR_STORAGE_UPLOADS_PATH: join(path, 'uploads'),
    MCR_STORAGE_MIN_FREE: minFree,
  };
}

/** Asks for whatever brings bytes of a blob, in each shape. */
async function askForUploads(seen: Observation, client: OciClient, repository: string, begun: string): Promise<void> {
  const blob = blobOf(seededBytes('too much', 2 * MiB));
  const bytes = blob.content as Uint8Array;
  await seen.ask('POST of a blob', () => client.pushBlob(repository, blob, 'post'));
  await seen.ask('PATCH', () => client.patchUpload(begun, bytes));
  await seen.ask('PUT', () => client.finishUpload(begun, blob.digest, bytes));
}

async function fullBlobs(): Promise<Row> {
  await using disk = await smallFileSystem(24 * MiB);
  await using registry = await startRegistry({ env: blobsOn(disk.path, '0') });
  const library = new Library(registry);
  const client = registry.client();
  const image = await library.push(client, 'v1');
  const begun = locationOf(await client.startUpload(library.repository));

  const seen = new Observation(
    'No space left where blobs and uploads are',
    'a file system of 24 MiB, filled up to 1 MiB',
    registry,
  );
  const release = await fill(disk.path, MiB);
  const before = await freeBytes(disk.path);
  await askForUploads(seen, client, library.repository, begun);
  await seen.ask('GET of a blob', () => client.getBlob(library.repository, image.config.digest));
  await seen.ask('PUT of a manifest', () => client.pushManifest(library.repository, 'v2', image.manifest));
  await seen.ask('DELETE of a manifest', () => client.deleteManifest(library.repository, image.manifest.digest));
  await library.push(client, 'v1', 100);
  assert.ok((await freeBytes(disk.path)) >= before - 64 * 1024, 'what a failed upload took is given back');
  await seen.logged(registry, /no space left for blobs/);
  seen.lives(registry);
  await release();
  seen.kept(await library.verifyAfterRestart());
  return seen.row();
}

async function lowSpace(): Promise<readonly Row[]> {
  await using disk = await smallFileSystem(24 * MiB);
  // Before the start: the server believes a reading of the free space for a second.
  const releaseAll = await fill(disk.path, 12 * MiB);
  await using registry = await startRegistry({ env: blobsOn(disk.path, '8MiB') });
  const library = new Library(registry);
  const client = registry.client();
  const image = await library.push(client, 'v1');
  await library.push(client, 'v2');
  const begun = locationOf(await client.startUpload(library.repository));

  const midway = new Observation(
    'An upload runs into the last space',
    'a PATCH of 8 MiB where 12 MiB are free and `storage.min_free` is 8 MiB',
    registry,
  );
  await midway.ask('PATCH', () => client.patchUpload(begun, seededBytes('long', 8 * MiB)));
  assert.ok((await freeBytes(disk.path)) > 11 * MiB, 'what the upload took is given back');
  assert.equal((await client.uploadStatus(begun)).header('range'), '0-0', 'the upload is as it was');
  await midway.logged(registry, /no space left for pushes/);
  midway.lives(registry);
  midway.kept('all');

  const seen = new Observation('Little space left', '7 MiB are free and `storage.min_free` is 8 MiB', registry);
  const release = await fill(disk.path, 7 * MiB);
  const rejected = async (): Promise<boolean> => (await client.startUpload(library.repository)).status === 507;
  await untilTrue(rejected, 'the server to look again');
  await seen.ask('POST of a session', () => client.startUpload(library.repository));
  await askForUploads(seen, client, library.repository, begun);
  await seen.ask('PUT of a manifest', () => client.pushManifest(library.repository, 'v3', image.manifest));
  await seen.ask('GET of a blob', () => client.getBlob(library.repository, image.config.digest));
  await seen.ask('`/v1/ready`', () => client.request('GET', '/v1/ready'));
  await seen.ask('DELETE of a manifest', () => client.deleteManifest(library.repository, image.manifest.digest));
  library.forget('v1');
  await seen.ask('garbage collection', () => client.request('POST', '/v1/gc'));
  const metrics = await (await fetch(`${registry.metricsUrl}/metrics`)).text();
  assert.match(metrics, /^registry_disk_free_bytes 7\d{6}$/m);
  await seen.logged(registry, /no space left for pushes/);
  seen.lives(registry);
  await release();
  await releaseAll();
  seen.kept(await library.verifyAfterRestart());
  return [seen.row(), midway.row()];
}

async function fullDatabase(): Promise<Row> {
  await using disk = await smallFileSystem(24 * MiB);
  const env = { MCR_DATABASE_PATH: join(disk.path, 'mcr.db'), MCR_STORAGE_MIN_FREE: '0' };
  await using registry = await startRegistry({ env });
  const library = new Library(registry);
  const client = registry.client();
  const image = await library.push(client, 'v1');
  const annotations = { filler: 'x'.repeat(3 * MiB) };
  const large = buildArtifact({ artifactType: 'application/x.large', content: 'large', annotations });
  for (const blob of large.blobs) await client.pushBlob(library.repository, blob);

  const seen = new Observation(
    'No space left where the database is',
    'a file system of 24 MiB, filled up to 1 MiB',
    registry,
  );
  const release = await fill(disk.path, MiB);
  await seen.ask('PUT of a manifest of 3 MiB', () => client.pushManifest(library.repository, 'large', large.manifest));
  await seen.ask('GET of a manifest', () => client.getManifest(library.repository, 'v1'));
  await seen.ask('GET of a blob', () => client.getBlob(library.repository, image.config.digest));
  await seen.logged(registry, /no space left for its database/);
  seen.lives(registry);
  await release();
  seen.kept(await library.verifyAfterRestart());
  return seen.row();
}

/** Disks that are full, or nearly. */
export const diskFull: Scenario = {
  name: 'space',
  tools: ['mount'],
  run: async () => [await fullBlobs(), ...(await lowSpace()), await fullDatabase()],
};
