import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  blobFile,
  blobOf,
  locationOf,
  type OciClient,
  type OciResponse,
  pieceFile,
  readBlob,
  seededBytes,
  startRegistry,
  type TestRegistry,
} from '@mcr/testkit';
import { fileOf } from '../_util/files.ts';
import { Library } from '../_util/library.ts';
import { Observation, type Row } from '../_util/observation.ts';
import type { Scenario } from '../_util/scenario.ts';
import { failCalls } from '../_util/system-calls.ts';

interface Setting {
  readonly registry: TestRegistry;
  readonly library: Library;
  readonly client: OciClient;
}

/** An upload of which the first byte is acknowledged: where it continues, and the file that the next ones go to. */
async function beginUpload({ registry, library }: Setting, client: OciClient, first: Uint8Array) {
  const begun = locationOf(await client.startUpload(library.repository));
  const location = locationOf(await client.patchUpload(begun, first));
  const path = pieceFile(registry.directory, basename(begun));
  assert.ok(path !== undefined);
  return { location, path };
}

async function unreadableBlob({ registry, library, client }: Setting): Promise<Row> {
  const image = await library.push(client, 'v1', 3_000_000);
  const [layer] = image.layers;
  const path = fileOf(registry, layer?.digest ?? '');
  const seen = new Observation('A blob that cannot be read', 'reads of its file fail with EIO', registry);
  {
    await using _fault = await failCalls(registry.pid, { calls: ['pread64'], error: 'EIO', path });
    await seen.ask('GET of the blob', () => client.getBlob(library.repository, layer?.digest ?? ''));
    await seen.ask('GET of another blob', () => client.getBlob(library.repository, image.config.digest));
    await seen.logged(registry, /^\{.*EIO/);
    seen.lives(registry);
  }
  await seen.ask('the same GET later', () => client.getBlob(library.repository, layer?.digest ?? ''));
  await seen.ask('the next push of it', () => client.pushBlob(library.repository, layer ?? image.config));
  await library.verify(client);
  seen.kept('all: the push has healed it');
  return seen.row();
}

async function unwritableUpload(setting: Setting): Promise<Row> {
  const { registry, library, client } = setting;
  const bytes = seededBytes('unwritable', 5_000);
  const { location, path } = await beginUpload(setting, client, bytes.subarray(0, 1));
  const patch = () => client.patchUpload(location, bytes.subarray(1), 1);
  const seen = new Observation('An upload that cannot be written', 'writes to its file fail with EIO', registry);
  {
    await using _fault = await failCalls(registry.pid, { calls: ['pwritev', 'pwrite64'], error: 'EIO', path });
    await seen.ask('PATCH', patch);
    await seen.logged(registry, /disk of the storage failed/);
    seen.lives(registry);
  }
  await seen.ask('the same PATCH again', patch);
  await library.verify(client);
  seen.kept('all');
  return seen.row();
}

async function unwritableDatabase({ registry, library, client }: Setting): Promise<Row> {
  const path = join(registry.directory, 'mcr.db-wal');
  const image = await library.push(client, 'v2');
  const seen = new Observation('A database that cannot be written', 'writes to its log fail with EIO', registry);
  {
    await using _fault = await failCalls(registry.pid, { calls: ['pwrite64'], error: 'EIO', path });
    await seen.ask('POST of a session', () => client.startUpload(library.repository));
    await seen.ask('PUT of a manifest', () => client.pushManifest(library.repository, 'v3', image.manifest));
    await seen.ask('GET of a manifest', () => client.getManifest(library.repository, 'v2'));
    await seen.logged(registry, /^(?=.*request failed).*database could not be read or written/);
    seen.lives(registry);
  }
  seen.kept(await library.verifyAfterRestart());
  return seen.row();
}

/** No write is acknowledged any more: there is a rejection, or no server to respond. */
async function rejected(response: Promise<OciResponse>): Promise<void> {
  assert.equal((await response.catch(() => undefined))?.status ?? 503, 503);
}

async function unsyncedUpload(setting: Setting): Promise<Row> {
  const { registry, library } = setting;
  const client = registry.client();
  const bytes = seededBytes('unsynced', 5_000);
  const { location, path } = await beginUpload(setting, client, bytes.subarray(0, 1));
  const patch = () => client.patchUpload(location, bytes.subarray(1), 1);
  const seen = new Observation(
    'An fsync of an upload that fails',
    'fdatasync and fsync of its file fail with EIO, once',
    registry,
  );
  await using _fault = await failCalls(registry.pid, { calls: ['fdatasync', 'fsync'], error: 'EIO:when=1', path });
  await seen.ask('PATCH', patch);
  return await stopped(seen, registry, library, patch);
}

/** Fails the syncs of the directory that a blob is linked into, which another blob has made. */
async function unsyncedSeal(setting: Setting): Promise<Row> {
  const { registry, library } = setting;
  const client = registry.client();
  const blob = blobOf(seededBytes('unsynced seal', 5_000));
  const { location: patched } = await beginUpload(setting, client, await readBlob(blob));
  const path = dirname(blobFile(registry.directory, blob.digest));
  await mkdir(path, { recursive: true, mode: 0o700 });
  const seen = new Observation(
    'An fsync of a directory of blobs fails',
    'fsync of the directory fails with EIO, once, after the upload was linked into it',
    registry,
  );
  await using _fault = await failCalls(registry.pid, { calls: ['fdatasync', 'fsync'], error: 'EIO:when=1', path });
  await seen.ask('PUT', () => client.finishUpload(patched, blob.digest));
  return await stopped(seen, registry, library, () => client.finishUpload(patched, blob.digest));
}

/** Sends one more write, and waits for the end of the process. */
async function stopped(
  seen: Observation,
  registry: TestRegistry,
  library: Library,
  write: () => Promise<OciResponse>,
): Promise<Row> {
  await rejected(write());
  seen.ended(await registry.exited());
  await seen.logged(registry, /storage failed, stopping/);
  seen.kept(await library.verifyAfterRestart());
  return seen.row();
}

async function unsyncedDatabase({ registry, library }: Setting): Promise<Row> {
  const client = registry.client();
  const blob = blobOf(seededBytes('unsynced', 1_000));
  const path = join(registry.directory, 'mcr.db-wal');
  const seen = new Observation(
    'An fsync of the database that fails',
    'fdatasync and fsync of its log fail with EIO, once',
    registry,
  );
  await client.tags(library.repository);
  const image = await library.push(client, 'v2');
  await using _fault = await failCalls(registry.pid, { calls: ['fdatasync', 'fsync'], error: 'EIO:when=1', path });
  await seen.ask('PUT of a manifest', () => client.pushManifest(library.repository, 'v3', image.manifest));
  return await stopped(seen, registry, library, () => client.pushBlob(library.repository, blob, 'post'));
}

/** A disk that fails calls. */
export const diskErrors: Scenario = {
  name: 'disk errors',
  tools: ['strace'],
  async run() {
    await using registry = await startRegistry();
    const setting = { registry, library: new Library(registry), client: registry.client() };
    return [
      await unreadableBlob(setting),
      await unwritableUpload(setting),
      await unwritableDatabase(setting),
      await unsyncedUpload(setting),
      await unsyncedSeal(setting),
      await unsyncedDatabase(setting),
    ];
  },
};
