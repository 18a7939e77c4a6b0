import { copyFile, cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '@mcr/server-kit/logger';
import { Random } from '@mcr/stress';
import { createOciClient } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { createContext, createServer } from '../../src/index.ts';
import { testPassword } from '../_util/server.ts';
import { registryDirectory } from '../gc/_directory.ts';
import { pullEverything } from '../gc/fire/aftermath.ts';
import { type FirePlace, rage, startFirePlace } from '../gc/fire/run.ts';

const seed = 'snapshot';
/** Longer than the copying takes: what the snapshot names is kept for so long after its manifest was deleted. */
const gracePeriod = 120_000;

/** A backup as an operator takes it, with the server at work: the database first, and then the layers. */
async function backUp({ server, oci, world }: FirePlace, to: string): Promise<void> {
  await sleep(3_000);
  // A busy machine may have pushed nothing in that time.
  await expect.poll(() => world.pushed.length, { timeout: 60_000 }).toBeGreaterThan(10);
  const answer = await oci.request('POST', '/v1/snapshots');
  expect(answer.status).toBe(201);
  const { name } = answer.json();
  world.count('manifests known at the snapshot', world.pushed.length);
  await copyFile(join(server.directory, 'snapshots', name), join(to, 'mcr.db'));
  // Closing the store's own lock file within this process would drop the lock.
  const filter = (source: string) => !source.endsWith('.owner');
  await cp(join(server.directory, 'layers'), join(to, 'layers'), { recursive: true, filter });
}

test('a snapshot that was taken during a push storm restores into a server that serves every manifest in it', async () => {
  await using restored = await registryDirectory();
  await using place = await startFirePlace(seed, gracePeriod);
  const { world } = place;
  await Promise.all([rage(place, { seconds: 6, seed, writers: 8, readers: 1 }), backUp(place, restored.path)]);
  expect(world.violations).toEqual([]);

  const log = createLogger('error', { write: (line) => world.violate(`logged: ${line.trim()}`) });
  await using context = await createContext(restored.config, { log });
  await using server = await createServer(context);
  const baseUrl = `https://localhost:${server.address.port}`;
  await using oci = createOciClient({ baseUrl, ca: restored.ca, username: 'admin', password: testPassword });
  await pullEverything({ world, oci, random: new Random(seed) }, context.services.store);
  expect(world.violations).toEqual([]);
  expect(world.counts.get('manifests whole in the end')).toBeGreaterThan(0);

  // The server can go on from there: its own view of the files is complete.
  const { collector, store } = context.services;
  await collector.start({ reconcile: true, trigger: 'api', actor: {} });
  expect(await collector.finished()).toMatchObject({ state: 'completed', missingFiles: 0 });
  expect(await store.gc.listRuns({ limit: 100 })).not.toContainEqual(expect.objectContaining({ state: 'running' }));
  expect(await readdir(join(restored.path, 'layers'))).toContain('sha256');
}, 120_000);
