import assert from 'node:assert/strict';
import { copyFile, mkdir, open, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type BackgroundProcess,
  blobOf,
  seededBytes,
  startProcess,
  startRegistry,
  type TestRegistry,
  tempDirectory,
} from '@mcr/testkit';
import { Library } from '../_util/library.ts';
import { Observation, type Row } from '../_util/observation.ts';
import type { Scenario } from '../_util/scenario.ts';
import { failCalls } from '../_util/system-calls.ts';
import { untilTrue } from '../_util/until.ts';

/** SQLite syncs the database file at the end of a checkpoint only. */
const failedSync = { calls: ['fsync', 'fdatasync'], error: 'EIO:when=1' };

/** Takes down how a registry ends whose database file could not be synced. */
async function ended(seen: Observation, registry: TestRegistry): Promise<void> {
  seen.ended(await registry.exited());
  await seen.logged(registry, /storage failed, stopping/);
}

async function unsyncedDatabase(): Promise<Row> {
  await using registry = await startRegistry();
  const library = new Library(registry);
  const client = registry.client();
  const seen = new Observation(
    'A checkpoint of the database fails',
    'fdatasync and fsync of its file fail with EIO, once, while the log is copied into it',
    registry,
  );
  {
    await using _fault = await failCalls(registry.pid, { ...failedSync, path: join(registry.directory, 'mcr.db') });
    for (const tag of ['v1', 'v2']) await library.pushLarge(client, tag);
    seen.note('PUT of manifests of 6 MiB', '201');
    await ended(seen, registry);
  }
  seen.kept(await library.verifyAfterRestart());
  return seen.row();
}

/** A process that reads one moment of a database until it gets SIGUSR2, and has it open until it is stopped. */
async function holdMoment(path: string): Promise<BackgroundProcess> {
  const script = `
    const database = new (require('node:sqlite').DatabaseSync)(process.argv[1], { readOnly: true });
    database.exec('BEGIN; SELECT * FROM repositories');
    process.on('SIGUSR2', () => database.exec('COMMIT') ?? console.log('let go'));
    console.log('reading');
    setInterval(() => {}, 1000);`;
  const reader = await startProcess(process.execPath, ['--no-warnings', '--eval', script, path]);
  await untilTrue(() => reader.output().includes('reading'), `the reader: ${reader.output()}`);
  return reader;
}

/** How many pages of the log a checkpoint has copied, as its index says (sqlite.org/walformat.html, section 2.1). */
async function copiedPages(path: string): Promise<number> {
  return (await readFile(`${path}-shm`)).readUInt32LE(96);
}

/** Puts what was on the disk in the place of what was only in memory. */
async function lose(path: string, onDisk: string): Promise<void> {
  const before = await readFile(onDisk);
  await using file = await open(path, 'r+');
  const { size } = await file.stat();
  await file.write(Buffer.concat([before, Buffer.alloc(Math.max(0, size - before.length))]), 0, undefined, 0);
}

async function lostPages(): Promise<Row> {
  await using registry = await startRegistry();
  const path = join(registry.directory, 'mcr.db');
  const onDisk = join(registry.directory, 'on-disk.db');
  const library = new Library(registry);
  await library.push(registry.client(), 'v1');
  await registry.stop();
  await copyFile(path, onDisk);
  await registry.restart();
  const client = registry.client();
  const seen = new Observation(
    'A checkpoint of the database fails while another program reads it',
    'the same after a checkpoint that the reader cut short, all pages written since the last sync are lost, and the reader stays',
    registry,
  );
  await library.pushLarge(client, 'v2');
  await using reader = await holdMoment(path);
  {
    await using _fault = await failCalls(registry.pid, { ...failedSync, path });
    await library.pushLarge(client, 'v3');
    await untilTrue(async () => (await copiedPages(path)) > 0, 'a checkpoint that the reader cuts short');
    reader.kill('SIGUSR2');
    await untilTrue(() => reader.output().includes('let go'), 'the reader to let go');
    await library.pushLarge(client, 'v4');
    seen.note('PUT of manifests of 9 MiB', '201');
    await ended(seen, registry);
  }
  assert.equal(await copiedPages(path), 0, 'no checkpoint is believed any more');
  await lose(path, onDisk);
  await registry.restart();
  await library.verify(registry.client());
  await library.pushLarge(registry.client(), 'v5');
  await reader.stop();
  const kept = await library.verifyAfterRestart();
  await registry.stop();
  await registry.cli(['fsck', '--deep', '--config', registry.configPath]);
  seen.kept(kept);
  return seen.row();
}

async function behindLink(): Promise<Row> {
  await using elsewhere = await tempDirectory('mcr-elsewhere-');
  await mkdir(join(elsewhere.path, 'data'));
  const [link, path] = [join(elsewhere.path, 'mcr.db'), join(elsewhere.path, 'data', 'real.db')];
  await symlink(path, link);
  await using registry = await startRegistry({ env: { MCR_DATABASE_PATH: link } });
  const library = new Library(registry);
  const client = registry.client();
  const image = await library.push(client, 'v1');
  const seen = new Observation(
    'An fsync of a database behind a symbolic link fails',
    '`database.path` is a link into another directory; fdatasync and fsync of the log there fail with EIO, once',
    registry,
  );
  {
    await using _fault = await failCalls(registry.pid, { ...failedSync, path: `${path}-wal` });
    await seen.ask('PUT of a manifest', () => client.pushManifest(library.repository, 'v2', image.manifest));
    await client.pushBlob(library.repository, blobOf(seededBytes('unsynced', 1_000)), 'post').catch(() => undefined);
    await ended(seen, registry);
  }
  seen.kept(await library.verifyAfterRestart());
  return seen.row();
}

/** Disks that fail the database file itself, and a database that is elsewhere. */
export const checkpoints: Scenario = {
  name: 'checkpoints',
  tools: ['strace'],
  run: async () => [await unsyncedDatabase(), await lostPages(), await behindLink()],
};
