import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, rest } from '../actor/client.ts';
import { collectNow, type GcRun, problemsOf } from '../actor/collections.ts';
import { pullWhole } from '../actor/pull.ts';
import { complaintsOf } from '../inspect/complaints.ts';
import { fsck } from '../inspect/fsck.ts';
import { inspect, inspectLeftovers } from '../inspect/inspect.ts';
import { list } from '../inspect/repositories.ts';
import { rowsLeft } from '../inspect/rows-left.ts';
import { secretsIn } from '../inspect/secrets.ts';
import { clientIn, type Place } from './fire.ts';

/** Pulls every manifest of the registry whole. */
export async function pullEverything(place: Place): Promise<void> {
  const { world } = place.connection;
  const listed = await rest(place.connection, 'GET', '/v1/repositories?n=1000');
  const names: readonly string[] = listed.json().repositories.map(({ name }: { name: string }) => name);
  for (const name of names) {
    const ledger = place.common.find(({ repository }) => repository === name);
    if (ledger === undefined) world.violate(`there is a repository ${name}, which no client has made`);
    else await pullRepository(clientIn(place, ledger, 'inspector'));
  }
}

async function pullRepository(client: Client): Promise<void> {
  const { world, ledger } = client;
  for (const digest of (await list(client)).manifests) {
    if (await pullWhole(client, digest)) world.count('manifests whole in the end');
    else world.violate(`${digest} in ${ledger.repository} is listed and cannot be pulled`);
  }
}

/** Waits until nothing is protected any more, collects, and looks at what is left. */
export async function expectNothingLeft({ registry, connection, stores }: Place): Promise<void> {
  const { world } = connection;
  await sleep(world.uploadTtl + 1_000);
  await collectNow(connection);
  const last = await collectNow(connection);
  if (last?.orphans_removed !== 0) world.violate(`the last collection says ${JSON.stringify(last)}`);
  if (stores === undefined) {
    await inspect(registry, world, []);
    await inspectLeftovers(registry, world);
    for (const secret of await secretsIn(registry)) world.violate(secret);
  } else {
    for (const problem of await fsck(registry, world, { mayBeCollected: false })) world.violate(problem);
    for (const problem of await rowsLeft(stores)) world.violate(problem);
  }
  for await (const run of runsOf(connection)) {
    world.count(`collections ${run.state}`);
    if (run.trigger === 'schedule') {
      world.count('collections by schedule');
      world.count('blobs collected', run.blobs_removed);
      world.count('uploads expired', run.uploads_removed);
    }
    for (const problem of problemsOf(run)) world.violate(problem);
    if (run.orphans_removed > 0) world.violate(`a reconcile found what the queue had missed: ${JSON.stringify(run)}`);
  }
  for (const line of complaintsOf(registry)) world.violate(`logged: ${line}`);
}

/** Every collection that the registry has recorded. */
async function* runsOf(client: Pick<Client, 'oci'>): AsyncGenerator<GcRun> {
  for (let path: string | undefined = '/v1/gc/runs?n=1000'; path !== undefined; ) {
    const page = await rest(client, 'GET', path);
    yield* page.json().runs as GcRun[];
    path = /<([^>]+)>; rel="next"/.exec(page.header('link') ?? '')?.[1];
  }
}
