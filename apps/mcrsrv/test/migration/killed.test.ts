import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '@mcr/config';
import { digestOf } from '@mcr/core';
import {
  blobOf,
  requirePostgres,
  requireS3Server,
  type S3Server,
  seededBytes,
  startProcess,
  startS3Server,
} from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inspectBlobs, openBlobs } from '../../src/blob-stores.ts';
import { openDatabase } from '../../src/services/migrate/places.ts';
import { startTestServer } from '../_util/server.ts';
import { makeRegistryPlace, migrateTo, type PlaceKinds, type RegistryPlace } from './_places.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const blobs = 12;

/** Kills a migration once `isReached` says so. */
async function killedWhen(
  [from, to]: readonly [RegistryPlace, RegistryPlace],
  isReached: (output: string) => boolean | Promise<boolean>,
  ...flags: readonly string[]
): Promise<void> {
  const args = [main, 'migrate', '--config', from.config, '--to', to.config, ...flags];
  await using process = await startProcess('node', args);
  const end = process.exited.then(() => true);
  const hasEnded = () => Promise.race([end, sleep(5, false)]);
  while (!(await isReached(process.output())) && !(await hasEnded()));
  process.kill('SIGKILL');
  expect(await process.exited, process.output()).toMatchObject({ signal: 'SIGKILL' });
}

/** How many blobs are on record in a target. */
async function movedBlobs({ config }: RegistryPlace): Promise<number> {
  const database = await openDatabase(loadConfig({ path: config, env: {} }), { readonly: true });
  try {
    const count = 'SELECT count(*) AS n FROM moved_blobs';
    return (await database.read((session) => session.query<{ n: number }>(count)))[0]?.n ?? 0;
  } finally {
    await database.close();
  }
}

/** What a kill leaves behind between the bytes and their record: a blob, and a piece. */
async function leaveUnrecorded({ config }: RegistryPlace): Promise<void> {
  const store = await openBlobs(loadConfig({ path: config, env: {} }));
  try {
    const content = Buffer.from('unrecorded');
    const written = async () => (await store.append(randomUUID(), Readable.from([content]))).piece!;
    await store.seal([await written()], digestOf(content), content.length);
    await written();
  } finally {
    await store.close();
  }
}

async function storedBlobs({ config }: RegistryPlace): Promise<number> {
  const inspector = await inspectBlobs(loadConfig({ path: config, env: {} }));
  let stored = 0;
  for (const list of [inspector.list(), inspector.listPieces()]) for await (const _ of list) stored += 1;
  return stored;
}

describe.skipIf(!requirePostgres(15) || !requireS3Server('versitygw'))('mcrsrv migrate', () => {
  let s3: S3Server;
  let from: RegistryPlace;
  beforeAll(async () => {
    s3 = await startS3Server('versitygw');
    from = await makeRegistryPlace({ rows: 'sqlite', bytes: 'disk' });
    await using server = await startTestServer({ directory: from.directory });
    for (let at = 0; at < blobs; at += 1)
      expect((await server.admin.pushBlob('app', blobOf(seededBytes(String(at), 200_000)))).status).toBe(201);
  }, 60_000);
  afterAll(async () => {
    await from[Symbol.asyncDispose]();
    await s3[Symbol.asyncDispose]();
  });

  const targets: readonly (readonly [string, () => PlaceKinds])[] = [
    ['SQLite and a disk', () => ({ rows: 'sqlite', bytes: 'disk' })],
    ['PostgreSQL and S3', () => ({ rows: 'postgres', bytes: s3 })],
  ];
  test.each(targets)(
    'killed at each step and run again, has %s equal to the source',
    async (_, kinds) => {
      await using to = await makeRegistryPlace(kinds(), from);
      await using straight = await makeRegistryPlace({ rows: 'sqlite', bytes: 'disk' }, from);
      const both = [from, to] as const;
      const hasSome = async (): Promise<boolean> => (await movedBlobs(to).catch(() => 0)) > 0;
      await killedWhen(both, hasSome, '--parallel', '2', '--rate', '256KiB');
      expect(await movedBlobs(to)).toBeLessThan(blobs);
      await leaveUnrecorded(to);
      await killedWhen(both, (output) => output.includes('Copying and comparing tables'));
      expect(await movedBlobs(to)).toBe(blobs);
      await expect(startTestServer({ directory: to.directory })).rejects.toThrow('unfinished migration');
      await killedWhen(both, (output) => output.includes('Inspecting the target'));
      const [found, expected] = [await migrateTo(from, to, '--json'), await migrateTo(from, straight, '--json')];
      expect(found.code, found.stderr).toBe(0);
      const { tables, ...rest } = JSON.parse(found.stdout);
      expect(tables).toEqual(JSON.parse(expected.stdout).tables);
      expect(rest).toMatchObject({ complete: true, blobs, copied_bytes: 0 });
      expect(await storedBlobs(to)).toBe(blobs);
    },
    120_000,
  );
});
