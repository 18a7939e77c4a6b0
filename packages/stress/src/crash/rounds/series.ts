import { setTimeout as sleep } from 'node:timers/promises';
import type { TestRegistry } from '@mcr/testkit';
import type { Scene, Weights } from '../../actor/actions.ts';
import { act, collectOften } from '../../actor/actor.ts';
import { type Client, clientOf, connect } from '../../actor/client.ts';
import { collectNow } from '../../actor/collections.ts';
import { buildLargeIndex, type Material, makeImages, pushWhole } from '../../actor/images.ts';
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
/** The large layer is more than one write of an upload. */
const material: Material = {
  images: 14,
  baseLayers: 4,
  otherLayers: 6,
  largestLayer: 48 * 1024,
  largeLayer: 2_500_000,
};
/** A repository that has this index, and is deleted, goes in several transactions. */
const entriesOfIndex = 900;
const weights: Weights = {
  push: 12,
  pushAgain: 2,
  pushIndex: 1,
  pushReferrer: 1,
  move: 6,
  pull: 6,
  untag: 3,
  untagAll: 2,
  remove: 5,
  drop: 2,
  loose: 4,
  uploads: 8,
  policy: 4,
};
/** A workload that stalls is killed all the same, in milliseconds. */
const pollOptions = 20_000;

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
  const world = new World(times, summary.counts);
  const images = await makeImages(`${seed} ${first}`, material);
  images.push(buildLargeIndex(entriesOfIndex, `${seed} ${first}`));
  const connection = await connect(registry, world);
  const ledgers = Array.from({ length: workers }, (_, n) => new Ledger(`crash/c${n}`));
  const clients = ledgers.map((ledger) => clientOf(connection, ledger, new Random(ledger.repository)));
  // A registry rejects a directory that has nothing but leftovers as not its own.
  const [keeper] = clients;
  if (keeper !== undefined && images[0] !== undefined) await pushWhole(keeper, images[0]);
  const scene = { images, repositories: ledgers.map(({ repository }) => repository) };
  for (let round = first; round < first + rounds; round += 1) {
    const reseeded = clients.map((client, n) => ({ ...client, random: new Random(`${seed} ${round} ${n}`) }));
    await killDuring(registry, world, reseeded, scene, new Random(`${seed} ${round}`));
    summary.rounds += 1;
    await registry.restart();
    world.killed = false;
    await inspect(registry, world, clients);
    if (summary.take(round, world)) return;
  }
  await expectNothingLeft(registry, world, clients);
  summary.take(first + rounds - 1, world);
}

/** Starts the clients, and kills the server at the request that the seed selects. */
async function killDuring(
  registry: TestRegistry,
  world: World,
  clients: readonly Client[],
  scene: Scene,
  random: Random,
): Promise<void> {
  const at = world.operations + earliestKill + random.below(killSpread);
  const delay = random.next() * longestDelay;
  const { promise: killed, resolve, reject } = Promise.withResolvers<unknown>();
  const kill = (): void => {
    if (world.killed) return;
    world.killed = true;
    for (const phase of world.phases) world.count(`kills while ${phase}`);
    registry.kill('SIGKILL').then(resolve, reject);
  };
  world.onOperation = (n) => void (n === at && setTimeout(kill, delay));
  const timer = setTimeout(() => {
    world.violate(`no client got further for ${pollOptions} ms`);
    kill();
  }, pollOptions);
  const [collector = clients[0]!, ...others] = clients;
  const often = { reconciles: 0.3, longestPause: 30 };
  const work = others.map(({ ledger, random: own }) => ({ ledgers: [ledger], random: own, weights: () => weights }));
  await Promise.all([
    killed,
    collectOften(collector, often, () => false),
    ...work.map((role) => act(collector, role, scene, () => false)),
  ]);
  clearTimeout(timer);
  world.onOperation = () => {};
}

async function expectNothingLeft(registry: TestRegistry, world: World, clients: readonly Client[]): Promise<void> {
  await sleep(times.uploadTtl + 500);
  const [client] = clients;
  if (client === undefined) return;
  // Trash that the first one makes is gone with it; the second has nothing to do.
  await collectNow(client);
  await collectNow(client);
  await inspect(registry, world, clients);
  for (const { ledger } of clients) {
    if (ledger.uploads.length > 0) world.violate(`${ledger.uploads.length} uploads outlive their time`);
  }
  await inspectLeftovers(registry, world);
}
