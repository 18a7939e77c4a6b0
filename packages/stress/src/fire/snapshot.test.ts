import { copyFile, cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tempDirectory } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { rest } from '../actor/client.ts';
import { collectNow } from '../actor/collections.ts';
import { complaintsOf } from '../inspect/complaints.ts';
import { pullEverything } from './aftermath.ts';
import { type Place, rage, startPlace } from './fire.ts';

const seed = 'snapshot';
/** Longer than the copying takes: what the snapshot names is kept for so long after its manifest was deleted. */
const gracePeriod = 120_000;

/** A backup as an operator takes it, with the server at work: the database first, and then the layers. */
async function backUp({ registry, connection, manifests }: Place, to: string): Promise<void> {
  await sleep(3_000);
  // A busy machine may have pushed nothing in that time.
  await expect.poll(manifests, { timeout: 60_000 }).toBeGreaterThan(10);
  const response = await rest(connection, 'POST', '/v1/snapshots');
  expect(response.status).toBe(201);
  await copyFile(join(registry.directory, 'snapshots', response.json().name), join(to, 'mcr.db'));
  await cp(join(registry.directory, 'layers'), join(to, 'layers'), { recursive: true });
}

test('a snapshot that was taken during a push storm restores into a server that serves every manifest in it', async () => {
  await using backup = await tempDirectory('mcr-backup-');
  await using place = await startPlace(seed, gracePeriod);
  const { registry, connection } = place;
  const { world } = connection;
  await Promise.all([rage(place, { seconds: 6, seed, writers: 8, readers: 1 }), backUp(place, backup.path)]);
  expect([...world.violations, ...complaintsOf(registry)]).toEqual([]);

  await registry.stop();
  for (const name of ['mcr.db', 'mcr.db-wal', 'mcr.db-shm', 'layers']) {
    await rm(join(registry.directory, name), { recursive: true, force: true });
  }
  await cp(backup.path, registry.directory, { recursive: true });
  await registry.restart();
  await pullEverything(place);
  expect([...world.violations, ...complaintsOf(registry)]).toEqual([]);
  expect(world.counts.get('manifests whole in the end')).toBeGreaterThan(0);

  // The server can go on from there: its own view of the files is complete.
  expect(await collectNow(connection)).toMatchObject({ state: 'completed', missing_files: 0 });
  const { runs } = (await rest(connection, 'GET', '/v1/gc/runs?n=100')).json();
  expect(runs).not.toContainEqual(expect.objectContaining({ state: 'running' }));
  expect(await readdir(join(registry.directory, 'layers'))).toContain('sha256');
}, 120_000);
