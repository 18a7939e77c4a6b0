import { setTimeout as sleep } from 'node:timers/promises';
import type { Scene, Weights } from '../actor/actions.ts';
import { act, collectOften } from '../actor/actor.ts';
import { type Client, clientOf, connect } from '../actor/client.ts';
import { collectNow } from '../actor/collections.ts';
import { type Material, makeImages, pushWhole } from '../actor/images.ts';
import { sorted, World } from '../actor/world.ts';
import { inspectClient } from '../inspect/inspect.ts';
import { Ledger } from '../model/ledger.ts';
import { Random } from '../random.ts';
import type { Servers } from './servers.ts';

/** Short, so that blobs are collected while others push them. */
export const times = { gracePeriod: 4_000, uploadTtl: 10_000 };
const writers = 6;
/** Clients look again at all that they know after so many milliseconds, in the middle of which a server is killed. */
const roundMs = 2_000;
const killAfterMs = { least: 300, spread: 900 };
/** So long a server that has been killed keeps the lease of its collection. */
const leaseMs = 120_000;
const pollMs = 100;
/** Of so many rounds, one kills the server that collects. */
const killedCollection = 40;
/** So long a start may take on a busy machine. */
const replacementMs = 60_000;
const material: Material = {
  images: 20,
  baseLayers: 4,
  otherLayers: 10,
  largestLayer: 64 * 1024,
  largeLayer: 2_500_000,
};
const often = { reconciles: 0.2, longestPause: 200 };
const weights: Weights = {
  push: 14,
  pushAgain: 6,
  pushIndex: 1,
  pushReferrer: 1,
  move: 6,
  pull: 8,
  untag: 4,
  untagAll: 1,
  remove: 8,
  drop: 2,
  loose: 5,
  uploads: 8,
  policy: 3,
};

/** How long to run. */
export interface LedgerOptions {
  readonly seconds: number;
  readonly seed: string;
  /** Called after each round, with how often what has happened so far. */
  readonly onRound?: (counts: ReadonlyMap<string, number>, violations: readonly string[]) => void;
}

/** What happened. */
export interface LedgerReport {
  readonly seed: string;
  readonly counts: Readonly<Record<string, number>>;
  /** What must not have happened, such as what was acknowledged and is lost. */
  readonly violations: readonly string[];
}

/**
 * Clients push, pull and delete, each in a repository of its own that has layers in common with the others, while all
 * servers collect garbage and one of them is killed every other second. After each round everything acknowledged is
 * pulled and compared. Ends early when something went wrong.
 */
export async function keepLedgers(servers: Servers, options: LedgerOptions): Promise<LedgerReport> {
  const { seconds, seed, onRound } = options;
  const { count, registry } = servers;
  const world = new World(times);
  const scene: Scene = {
    images: await makeImages(seed, material),
    repositories: Array.from({ length: writers }, (_, n) => `ledger/c${n}`),
  };
  const connection = await connect(registry, world);
  const ledgers = scene.repositories.map((name) => new Ledger(name));
  const clientsOf = (round: number): Client[] =>
    ledgers.map((ledger, n) => clientOf(connection, ledger, new Random(`${seed} ${round} ${n}`)));
  await untilAllServe(servers, world);
  const [keeper] = clientsOf(0);
  await pushWhole(keeper!, scene.images[0]!);
  const end = performance.now() + seconds * 1_000;
  for (let round = 1; performance.now() < end && world.violations.length === 0; round += 1) {
    const clients = clientsOf(round);
    const random = new Random(`${seed} ${round}`);
    world.mayInterrupt = true;
    const victim = 1 + (round % count);
    // A collection that is killed lets no other one begin for a minute.
    const collecting = round % killedCollection === 0 ? victim : 1 + ((round + 1) % count);
    await using oci = await servers.clientOf(collecting);
    const collector = { ...clients[0]!, oci };
    await Promise.all([
      collectOften(collector, often, roundTimer()),
      ...clients.map(({ ledger, random: own }) => {
        return act(connection, { ledgers: [ledger], random: own, weights: () => weights }, scene, roundTimer());
      }),
      kill(servers, world, { random, number: victim }),
      servers.disturb?.(new Random(`${seed} ${round} faults`), roundTimer()),
    ]);
    await untilAllServe(servers, world);
    world.mayInterrupt = false;
    await Promise.all(clients.map(inspectClient));
    world.count('rounds');
    onRound?.(world.counts, world.violations);
  }
  if (world.violations.length === 0) await inspectAll(servers, world, clientsOf(0));
  return { seed, counts: sorted(world.counts), violations: world.violations };
}

interface Victim {
  readonly random: Random;
  readonly number: number;
}

/** Whether a round is over; a client that has lost its server rests until the next one. */
function roundTimer(): () => boolean {
  const end = performance.now() + roundMs;
  return () => performance.now() > end;
}

/** Kills the servers in turn, each when all of them serve. */
async function kill(servers: Servers, world: World, { random, number }: Victim): Promise<void> {
  await sleep(killAfterMs.least + random.below(killAfterMs.spread));
  for (const phase of world.phases) world.count(`kills while ${phase}`);
  world.count(`kills of ${servers.kind} ${number}`);
  if (!(await servers.kill(number))) world.violate(`${servers.kind} ${number} was not there to be killed`);
}

async function untilAllServe(servers: Servers, world: World): Promise<void> {
  for (const end = performance.now() + replacementMs; performance.now() < end; await sleep(pollMs)) {
    if (await servers.allServe()) return;
  }
  world.violate(`not every ${servers.kind} serves after ${replacementMs} ms`);
}

/** Looks at everything once more, and for what is left when all times are over. */
async function inspectAll(servers: Servers, world: World, clients: readonly Client[]): Promise<void> {
  const [client] = clients;
  await untilIdle(client!);
  await servers.inspect(world, clients);
  await sleep(times.uploadTtl + 500);
  await untilIdle(client!);
  await collectNow(client!);
  await collectNow(client!);
  await servers.inspect(world, clients);
  await servers.inspectLeftovers(world);
}

/** A collection whose server was killed counts as running until its lease is over. */
async function untilIdle({ oci, world }: Client): Promise<void> {
  for (const end = performance.now() + leaseMs; performance.now() < end; await sleep(pollMs)) {
    if (!(await oci.request('GET', '/v1/gc/status')).json().running) return;
  }
  world.violate(`a collection is still running after ${leaseMs} ms`);
}
