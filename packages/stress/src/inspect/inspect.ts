import { isDeepStrictEqual } from 'node:util';
import type { TestRegistry } from '@mcr/testkit';
import type { Client } from '../actor/client.ts';
import type { World } from '../actor/world.ts';
import { inspectBlobs } from './blobs.ts';
import { inspectDirectory } from './directory.ts';
import { fsck } from './fsck.ts';
import { inspectPolicy } from './policy.ts';
import { remainsIn } from './remains.ts';
import { inspectRepository } from './repositories.ts';
import { inspectUploads } from './uploads.ts';

/** Checks everything that was acknowledged to clients, while all are idle: over the network, and on the disk. */
export async function inspect(registry: TestRegistry, world: World, clients: readonly Client[]): Promise<void> {
  const [problemsOfFsck] = await Promise.all([
    fsck(registry, world, { mayBeCollected: true }),
    ...clients.map(inspectClient),
  ]);
  await inspectCollections(clients, world);
  const { problems, events } = await inspectDirectory(registry.directory, world.damaged);
  for (const problem of [...problems, ...world.events.observe(events), ...problemsOfFsck]) world.violate(problem);
}

/** Checks everything that was acknowledged to one client. */
export async function inspectClient(client: Client): Promise<void> {
  try {
    await inspectRepository(client);
    await inspectBlobs(client);
    await inspectUploads(client);
    await inspectPolicy(client);
  } catch (error) {
    client.world.violate(`${client.ledger.repository} cannot be inspected: ${String(error)}`);
  }
}

/** Looks for anything that was meant to be gone, after all times are over and a last collection. */
export async function inspectLeftovers(registry: TestRegistry, world: World): Promise<void> {
  const { files, blobs, deleted: repositories, ...others } = await remainsIn(registry.directory);
  world.count('blobs left', blobs.length);
  if (!isDeepStrictEqual(files, blobs)) world.violate(`${files.length} files are left for ${blobs.length} blobs`);
  for (const [what, left] of Object.entries({ repositories, ...others })) {
    const count = typeof left === 'number' ? left : left.length;
    if (count !== 0) world.violate(`${count} ${what} are left after the last collection`);
  }
  for (const problem of await fsck(registry, world, { mayBeCollected: false })) world.violate(problem);
}

/** A collection that was killed must not look as if it went on. */
async function inspectCollections([client]: readonly Client[], world: World): Promise<void> {
  const status = await client?.oci.request('GET', '/v1/gc/status');
  if (status?.json().running) world.violate('a collection that was killed is still said to run');
}
