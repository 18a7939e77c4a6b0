import assert from 'node:assert/strict';
import { copyFile, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BackgroundProcess, type OciClient, startProcess, startRegistry, type TestRegistry } from '@mcr/testkit';
import { Library } from '../_util/library.ts';
import { Observation, type Row } from '../_util/observation.ts';
import type { Scenario } from '../_util/scenario.ts';
import { startInVain } from '../_util/start-in-vain.ts';
import { untilTrue } from '../_util/until.ts';

interface Setting {
  readonly registry: TestRegistry;
  readonly library: Library;
  readonly path: string;
}

/** A process that holds the database's write lock until it is stopped. */
async function holdLock(path: string): Promise<BackgroundProcess> {
  const script = `
    const database = new (require('node:sqlite').DatabaseSync)(process.argv[1]);
    database.exec('BEGIN IMMEDIATE');
    console.log('locked');
    setInterval(() => {}, 1000);`;
  const holder = await startProcess(process.execPath, ['--eval', script, path]);
  await untilTrue(() => holder.output().includes('locked'), `the lock: ${holder.output()}`);
  return holder;
}

async function locked({ registry, library, path }: Setting): Promise<Row> {
  const client = registry.client();
  const image = await library.push(client, 'v1');
  const seen = new Observation(
    'The database locked by another process',
    'a write lock held for more than 5 s',
    registry,
  );
  {
    await using _holder = await holdLock(path);
    const waiting = seen.ask('PUT of a manifest', () => client.pushManifest(library.repository, 'v2', image.manifest));
    await seen.ask('GET of a manifest meanwhile', () => client.getManifest(library.repository, 'v1'));
    await seen.ask('GET of a blob meanwhile', () => client.getBlob(library.repository, image.config.digest));
    await waiting;
    await seen.logged(registry, /^(?=.*request failed).*locked by another process/);
    seen.lives(registry);
  }
  const again = await client.pushManifest(library.repository, 'v2', image.manifest);
  assert.equal(again.status, 201, 'the lock is forgotten once it is gone');
  await library.verify(client);
  seen.kept('all');
  return seen.row();
}

/** What can be asked of a registry whose database is not what it was. */
async function askAll(seen: Observation, client: OciClient, library: Library, tag: string): Promise<void> {
  const manifest = await client.getManifest(library.repository, tag);
  await seen.ask('GET of a manifest', () => client.getManifest(library.repository, tag));
  await seen.ask('POST of a session', () => client.startUpload(library.repository));
  await seen.ask('PUT of a manifest', () =>
    client.pushManifest(library.repository, 'lost', {
      bytes: manifest.body,
      mediaType: manifest.header('content-type') ?? '',
    }),
  );
  await seen.ask('`/v1/ready`', () => client.request('GET', '/v1/ready'));
}

async function removed({ registry, library, path }: Setting): Promise<Row> {
  const client = registry.client();
  await library.push(client, 'v3');
  const seen = new Observation('The database removed while the server runs', 'its file was deleted', registry);
  await rm(path);
  await askAll(seen, client, library, 'v3');
  await seen.ask('a snapshot', () => client.request('POST', '/v1/snapshots'));
  await seen.logged(registry, /^(?=.*request failed).*removed or replaced/);
  seen.lives(registry);

  await registry.kill();
  const snapshots = join(registry.directory, 'snapshots');
  const [snapshot = ''] = await readdir(snapshots);
  await copyFile(join(snapshots, snapshot), path);
  for (const suffix of ['-wal', '-shm']) await rm(path + suffix, { force: true });
  seen.kept(`${await library.verifyAfterRestart()} from the snapshot that was taken then`);
  return seen.row();
}

async function missingAtStart({ registry, library, path }: Setting): Promise<Row> {
  const seen = new Observation('No database at the start', 'its file was moved away, the blobs are there', registry);
  await registry.stop();
  await rename(path, `${path}.away`);
  const attempt = await startInVain(registry);
  seen.note('start', 'rejected');
  await seen.logged(attempt, /There is no database/);
  seen.ended(attempt);
  await rename(`${path}.away`, path);
  seen.kept(await library.verifyAfterRestart());
  return seen.row();
}

async function garbageAtStart({ registry, library, path }: Setting): Promise<Row> {
  const seen = new Observation(
    'Garbage in place of the database at the start',
    'its file was replaced by random text',
    registry,
  );
  await registry.stop();
  await rename(path, `${path}.away`);
  await writeFile(path, 'this is no database '.repeat(1_000));
  const attempt = await startInVain(registry);
  seen.note('start', 'rejected');
  await seen.logged(attempt, /is not a database/);
  seen.ended(attempt);
  await rename(`${path}.away`, path);
  seen.kept(await library.verifyAfterRestart());
  return seen.row();
}

async function garbageWhileRunning({ registry, library, path }: Setting): Promise<Row> {
  await registry.stop();
  await copyFile(path, `${path}.good`);
  await registry.restart();
  const client = registry.client();
  await client.token();
  const seen = new Observation(
    'Garbage in the database while the server runs',
    'its file was overwritten with zeros',
    registry,
  );
  const file = await open(path, 'r+');
  await file.write(Buffer.alloc((await file.stat()).size), 0, undefined, 0);
  await file.close();
  await askAll(seen, client, library, 'v1');
  seen.lives(registry);
  await registry.kill();
  const attempt = await startInVain(registry);
  seen.note('the next start', 'rejected');
  await rename(`${path}.good`, path);
  for (const suffix of ['-wal', '-shm']) await rm(path + suffix, { force: true });
  await seen.logged(attempt, /database/);
  seen.kept(`${await library.verifyAfterRestart()} from a copy`);
  return seen.row();
}

/** A database that is locked, lost or damaged. */
export const database: Scenario = {
  name: 'database',
  tools: [],
  async run() {
    await using registry = await startRegistry();
    const setting = { registry, library: new Library(registry), path: join(registry.directory, 'mcr.db') };
    return [
      await locked(setting),
      await removed(setting),
      await missingAtStart(setting),
      await garbageAtStart(setting),
      await garbageWhileRunning(setting),
    ];
  },
};
