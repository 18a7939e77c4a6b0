import { setTimeout as sleep } from 'node:timers/promises';
import type { TestRegistry } from '@mcr/testkit';
import { collectOften, type Scene, work } from '../../actor/actions.ts';
import { type Client, rpcOf } from '../../actor/client.ts';
import { collect } from '../../actor/collections.ts';
import { pushWhole } from '../../actor/images.ts';
import { makeImages } from '../../actor/images-of-seed.ts';
import { type Build, startVictim } from '../../actor/victim.ts';
import { World } from '../../actor/world.ts';
import { inspect, inspectLeftovers } from '../../inspect/inspect.ts';
import { Ledger } from '../../model/ledger.ts';
import { Random } from '../../random.ts';
import type { Summary } from './summary.ts';

/** Short, so that what one round leaves is collected in the next ones. */
const times = { gracePeriod: 3_000, uploadTtl: 5_000 };
const workers = 5;
/** A kill comes with one of so many requests, or up to so many milliseconds after its beginning. */
const earliestKill = 5;
const killSpread = 150;
const longestDelay = 8;
/** A workload that stalls is killed all the same, in milliseconds. */
const patience = 20_000;

/** One registry that is killed once in each of its rounds. */
export interface Series {
  readonly seed: string;
  /** Number of its first round. */
  readonly first: number;
  readonly rounds: number;
  readonly build?: Build;
}

/**
 * Runs rounds on one registry: load, SIGKILL, restart, inspection; and a last look when all times are over. Ends after
 * the first round that went wrong, since later ones would only repeat it.
 */
export async function runSeries({ seed, first, rounds, build = {} }: Series, summary: Summary): Promise<void> {
  await using registry = await startVictim(build, times);
  const world = new World(times);
  const images = await makeImages(`${seed} ${first}`);
  const clients = await makeClients(registry, world);
  // With nothing but leftovers in it, a registry would not believe that they are its own.
  const [keeper] = clients;
  if (keeper !== undefined && images[0] !== undefined) await pushWhole(keeper, images[0]);
  const scene = { images, repositories: clients.map(({ ledger }) => ledger.repository) };
  for (let round = first; round < first + rounds; round += 1) {
    const reseeded = clients.map((client, n) => ({ ...client, random: new Random(`${seed} ${round} ${n}`) }));
    summary.addKill(await killDuring(registry, world, reseeded, scene, new Random(`${seed} ${round}`)));
    await registry.restart();
    world.killed = false;
    await inspect(registry, world, clients);
    if (summary.closeRound(round, world)) return;
  }
  await expectNothingLeft(registry, world, clients);
  summary.closeSeries(first + rounds - 1, world);
}

async function makeClients(registry: TestRegistry, world: World): Promise<readonly Client[]> {
  const account = await registry.addAccount('outsider');
  const [oci, outsider] = [registry.client(), { oci: registry.client(account), id: account.id }];
  const [{ token }] = await Promise.all([oci.token(), outsider.oci.token()]);
  const rpc = rpcOf(registry, token);
  const names = Array.from({ length: workers }, (_, n) => `crash/c${n}`);
  return names.map((name) => ({ world, oci, rpc, outsider, ledger: new Ledger(name), random: new Random(name) }));
}

/** Lets the clients loose, and kills the server at the request that the seed says. Resolves with what was under way. */
async function killDuring(
  registry: TestRegistry,
  world: World,
  clients: readonly Client[],
  scene: Scene,
  random: Random,
): Promise<readonly string[]> {
  const at = world.operations + earliestKill + random.below(killSpread);
  const delay = random.next() * longestDelay;
  const { promise: killed, resolve, reject } = Promise.withResolvers<readonly string[]>();
  const kill = (): void => {
    if (world.killed) return;
    world.killed = true;
    const { phases } = world;
    registry.kill('SIGKILL').then(() => resolve(phases), reject);
  };
  world.onOperation = (n) => void (n === at && setTimeout(kill, delay));
  const timer = setTimeout(() => {
    world.violate(`no client got further for ${patience} ms`);
    kill();
  }, patience);
  const [collector = clients[0]!, ...others] = clients;
  await Promise.all([killed, collectOften(collector), ...others.map((client) => work(client, scene))]);
  clearTimeout(timer);
  return await killed;
}

async function expectNothingLeft(registry: TestRegistry, world: World, clients: readonly Client[]): Promise<void> {
  world.onOperation = () => {};
  await sleep(times.uploadTtl + 500);
  const [client] = clients;
  if (client === undefined) return;
  // Trash that the first one makes is gone with it; the second has nothing to do.
  await collect(client, true);
  await collect(client, true);
  await inspect(registry, world, clients);
  for (const { ledger } of clients) {
    if (ledger.uploads.length > 0) world.violate(`${ledger.uploads.length} uploads outlive their time`);
  }
  await inspectLeftovers(registry, world);
}
