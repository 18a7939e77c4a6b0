import assert from 'node:assert/strict';
import { open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startRegistry, type TestRegistry } from '@mcr/testkit';
import { fileOf } from '../_util/files.ts';
import { Library } from '../_util/library.ts';
import { Observation, type Row } from '../_util/observation.ts';
import type { Scenario } from '../_util/scenario.ts';

interface Damage {
  readonly fault: string;
  readonly done: string;
  readonly tag: string;
  readonly damage: (file: string) => Promise<void>;
}

async function observe(registry: TestRegistry, { fault, done, tag, damage }: Damage): Promise<Row> {
  const library = new Library(registry);
  const client = registry.client();
  const image = await library.push(client, tag);
  const layer = image.layers[0]?.digest ?? '';
  const seen = new Observation(fault, done, registry);
  await damage(fileOf(registry, layer));
  await seen.ask('GET of the blob', () => client.getBlob(library.repository, layer));
  await seen.ask('GET of another blob', () => client.getBlob(library.repository, image.config.digest));
  await seen.logged(registry, new RegExp(layer));
  await seen.ask('the next push of it', () => client.pushBlob(library.repository, image.layers[0] ?? image.config));
  seen.lives(registry);
  seen.kept(`${await library.verifyAfterRestart()}: the push has healed it`);
  return seen.row();
}

/** Changes one byte and neither size nor time, as a disk does that forgets. */
async function flipByte(file: string): Promise<void> {
  const { atime, mtime } = await stat(file);
  await using handle = await open(file, 'r+');
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, 5_000);
  await handle.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, 5_000);
  await handle.utimes(atime, mtime);
}

async function flipped(registry: TestRegistry): Promise<Row> {
  const library = new Library(registry);
  const client = registry.client();
  const image = await library.push(client, 'flipped');
  const layer = image.layers[0] ?? image.config;
  const seen = new Observation('A blob with a flipped bit', 'in its file, size and time as before', registry);
  await flipByte(fileOf(registry, layer.digest));
  await seen.ask('GET of the blob (with the wrong bytes)', () => client.getBlob(library.repository, layer.digest));
  const fsck = ['fsck', '--deep', '--repair', '--config', registry.configPath];
  const report = await registry.cli(fsck).catch(String);
  assert.match(report, /taken out of service until it is pushed again/);
  await seen.logged({ directory: registry.directory, log: () => report }, /^blob-digest/);
  await seen.ask('GET after `mcrsrv fsck --deep --repair`', () => client.getBlob(library.repository, layer.digest));
  await seen.ask('GET of another blob', () => client.getBlob(library.repository, image.config.digest));
  await seen.ask('the next push of it', () => client.pushBlob(library.repository, layer));
  seen.lives(registry);
  seen.kept(`${await library.verifyAfterRestart()}: the push has healed it`);
  return seen.row();
}

async function unnoticed(registry: TestRegistry): Promise<Row> {
  const library = new Library(registry);
  const client = registry.client();
  const image = await library.push(client, 'unnoticed');
  const layer = image.layers[0] ?? image.config;
  const seen = new Observation(
    'A flipped bit that goes unnoticed',
    'in the file of a blob that is pushed again',
    registry,
  );
  await flipByte(fileOf(registry, layer.digest));
  await seen.ask('GET of the blob (with the wrong bytes)', () => client.getBlob(library.repository, layer.digest));
  await seen.ask('the next push of it', () => client.pushBlob(library.repository, layer));
  seen.lives(registry);
  seen.kept(`${await library.verifyAfterRestart()}: the push has healed it`);
  return seen.row();
}

/** Flips a bit of a manifest's bytes in the database file, with the server stopped so that no log has them as well. */
async function flipManifest(registry: TestRegistry, content: Uint8Array): Promise<void> {
  await registry.stop();
  const path = join(registry.directory, 'mcr.db');
  const file = await readFile(path);
  const at = file.indexOf(content.slice(0, 200));
  assert.ok(at > 0, 'the manifest is in the database file');
  file[at + Buffer.from(content).indexOf('config')]! ^= 1;
  await writeFile(path, file);
  await registry.restart();
}

async function rotten(registry: TestRegistry): Promise<Row> {
  const library = new Library(registry);
  const image = await library.push(registry.client(), 'rotten');
  const { digest } = image.manifest;
  const seen = new Observation(
    'A manifest with a flipped bit',
    'in the database file, while the server was stopped',
    registry,
  );
  await flipManifest(registry, image.manifest.bytes);
  const client = registry.client();
  await seen.ask('HEAD of the manifest before a GET', () => client.headManifest(library.repository, 'rotten'));
  await seen.ask('GET of the manifest by tag', () => client.getManifest(library.repository, 'rotten'));
  await seen.ask('GET by digest', () => client.getManifest(library.repository, digest));
  await seen.ask('HEAD after the GET', () => client.headManifest(library.repository, 'rotten'));
  await seen.ask('the list of tags', () => client.tags(library.repository));
  await seen.ask('GET of its config', () => client.getBlob(library.repository, image.config.digest));
  await seen.logged(registry, new RegExp(`${digest}.*content is damaged`));
  await seen.ask('the next push of it', () => client.pushManifest(library.repository, 'rotten', image.manifest));
  seen.lives(registry);
  seen.kept(`${await library.verifyAfterRestart()}: the push has healed it`);
  return seen.row();
}

/** Files of blobs, and manifests, that are not what they were. */
export const damagedBlobs: Scenario = {
  name: 'damaged blobs',
  tools: [],
  async run() {
    await using registry = await startRegistry();
    return [
      await observe(registry, {
        fault: 'A truncated blob',
        done: 'its file was cut to 100 bytes',
        tag: 'truncated',
        damage: (file) => truncate(file, 100),
      }),
      await observe(registry, {
        fault: 'A missing blob',
        done: 'its file was removed',
        tag: 'missing',
        damage: (file) => rm(file),
      }),
      await flipped(registry),
      await unnoticed(registry),
      await rotten(registry),
    ];
  },
};
