import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDirectory } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { snapshotPlace, upgradePlaces } from '../../src/services/housekeeping/copy-places.ts';
import { Housekeeper } from '../../src/services/housekeeping/housekeeper.ts';
import { mcrsrv } from '../_util/cli.ts';
import { startTestServer } from '../_util/server.ts';

const day = 86_400_000;

/** Makes files that are so many days old. */
async function age(directory: string, files: Readonly<Record<string, number>>): Promise<void> {
  for (const [name, days] of Object.entries(files)) {
    const time = new Date(Date.now() - days * day);
    await writeFile(join(directory, name), 'x');
    await utimes(join(directory, name), time, time);
  }
}

test('a new snapshot removes those beyond the number and the age, and nothing else', async () => {
  await using directory = await tempDirectory();
  const env = { MCR_SNAPSHOTS_KEEP: '3', MCR_SNAPSHOTS_MAX_AGE: '30d' };
  await using server = await startTestServer({ directory: directory.path, env });
  const snapshots = join(directory.path, 'snapshots');
  expect((await server.admin.request('POST', '/v1/snapshots')).status).toBe(201);
  const [first = ''] = await readdir(snapshots);
  await age(snapshots, { 'mcr-1.db': 1, 'mcr-2.db': 2, 'mcr-31.db': 31, 'mine.db': 400 });

  const made = (await server.admin.request('POST', '/v1/snapshots')).json().name as string;
  expect(new Set(await readdir(snapshots))).toEqual(new Set(['mcr-1.db', first, made, 'mine.db']));
  const removed = await server.audit('snapshot_removed');
  expect(new Set(removed.map(({ details }) => details.snapshot))).toEqual(new Set(['mcr-2.db', 'mcr-31.db']));
  expect(removed[0]).toMatchObject({ actor: { name: 'admin' } });
});

test('mcrsrv snapshot does the same, but not where it writes elsewhere', async () => {
  await using directory = await tempDirectory();
  await using server = await startTestServer({ directory: directory.path });
  const config = join(directory.path, 'mcr.toml');
  const snapshots = join(directory.path, 'snapshots');
  expect(await mcrsrv(['snapshot', '--config', config])).toMatchObject({ code: 0 });
  await age(snapshots, { 'mcr-31.db': 31 });
  const elsewhere = join(directory.path, 'elsewhere', 'copy.db');
  expect(await mcrsrv(['snapshot', '--config', config, '--to', elsewhere])).toMatchObject({ code: 0 });
  expect(await readdir(snapshots)).toHaveLength(2);
  expect(await mcrsrv(['snapshot', '--config', config])).toMatchObject({ code: 0 });
  expect(await readdir(snapshots)).not.toContain('mcr-31.db');
  expect(await server.audit('snapshot_removed')).toMatchObject([{ actor: { name: 'mcrsrv' } }]);
});

test('copies that upgrades and restores left keep a number and an age, and go with their logs', async () => {
  await using directory = await tempDirectory();
  await using server = await startTestServer({ directory: directory.path });
  const { store, clock, log } = server.context.services;
  await age(directory.path, {
    'mcr.db.before-migration-000005': 60,
    'mcr.db.before-migration-000006': 50,
    'mcr.db.before-migration-000007': 2,
    'mcr.db.before-restore-2026-01-01T00-00-00-000Z': 300,
    'mcr.db.before-restore-2026-01-01T00-00-00-000Z-wal': 300,
    'mcr.db.before-restore-2026-02-01T00-00-00-000Z': 270,
    'other.db.before-migration-000001': 400,
  });
  const limits = { keep: 0, maxAge: 55 * day, keepUpgrades: 2 };
  const copies = [
    snapshotPlace(join(directory.path, 'snapshots'), limits),
    ...(await upgradePlaces(join(directory.path, 'mcr.db'), limits)),
  ];
  await new Housekeeper({ store, clock, log, instance: 'this', audit: { retention: 0, directory: '' }, copies }).run();
  expect((await readdir(directory.path)).filter((name) => name.includes('before')).toSorted()).toEqual([
    'mcr.db.before-migration-000006',
    'mcr.db.before-migration-000007',
    'mcr.db.before-restore-2026-02-01T00-00-00-000Z',
    'other.db.before-migration-000001',
  ]);
});
