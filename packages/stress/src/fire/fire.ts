import { setTimeout as sleep } from 'node:timers/promises';
import { type SharedStores, startSharedStores, type TestRegistry } from '@mcr/testkit';
import type { Scene, Weights } from '../actor/actions.ts';
import { act, collectOften } from '../actor/actor.ts';
import { type Client, type Connection, clientOf, connect } from '../actor/client.ts';
import { type Material, makeImages } from '../actor/images.ts';
import { startVictim } from '../actor/victim.ts';
import { type Times, World } from '../actor/world.ts';
import { Ledger } from '../model/ledger.ts';
import { Random } from '../random.ts';

/** Short, so that blobs are collected while clients push them again. */
const times: Times = { gracePeriod: 4_000, uploadTtl: 10_000 };
const material: Material = { images: 90, baseLayers: 5, otherLayers: 60, largestLayer: 96 * 1024 };
const repositories = ['fire/one', 'fire/two', 'fire/three', 'fire/deep/er/four', 'five'];
/** So many manifests are kept at most; beyond, deletions are as likely as pushes. */
const plenty = 50;
const often = { reconciles: 0.2, longestPause: 2_000 };

const writing: Weights = {
  push: 40,
  pushAgain: 12,
  pushIndex: 5,
  pushReferrer: 5,
  move: 2,
  pull: 0,
  untag: 4,
  untagAll: 0,
  remove: 15,
  drop: 1,
  loose: 6,
  uploads: 8,
  policy: 0,
};
const crowded: Weights = { ...writing, remove: 60 };
const nothing = Object.fromEntries(Object.keys(writing).map((name) => [name, 0])) as Weights;
const reading: Weights = { ...nothing, pull: 1 };

/** What to run, and for how long. */
export interface FireOptions {
  readonly seconds: number;
  readonly seed: string;
  readonly writers?: number;
  readonly readers?: number;
  /** Whether the registry is on PostgreSQL and S3 (default: on SQLite and a disk). */
  readonly onSharedStores?: boolean;
}

/** A registry that collects garbage every second, and what its clients share. */
export interface Place extends AsyncDisposable {
  readonly registry: TestRegistry;
  /** PostgreSQL and S3, where it is on them. */
  readonly stores?: SharedStores;
  readonly connection: Connection;
  readonly scene: Scene;
  /** Of each repository what all clients know. */
  readonly common: readonly Ledger[];
  /** How many manifests are there, as far as they know. */
  readonly manifests: () => number;
}

/** Starts a registry that collects garbage every second, and keeps it for so many milliseconds. */
export async function startPlace(
  seed: string,
  gracePeriod = times.gracePeriod,
  { onSharedStores = false }: Pick<FireOptions, 'onSharedStores'> = {},
): Promise<Place> {
  await using cleanup = new AsyncDisposableStack();
  const stores = onSharedStores ? cleanup.use(await startSharedStores()) : undefined;
  const images = await makeImages(seed, material);
  const shared = stores && { ...stores.env, MCR_GC_TRASH_RETENTION: '0' };
  const env = { MCR_GC_INTERVAL: '1s', UV_THREADPOOL_SIZE: '4', ...shared };
  const registry = cleanup.use(await startVictim({ env }, { ...times, gracePeriod }));
  const connection = await connect(registry, new World({ ...times, gracePeriod }));
  const common = repositories.map((name) => new Ledger(name));
  const owned = cleanup.move();
  return {
    registry,
    ...(stores && { stores }),
    connection,
    scene: { images, repositories, pause },
    common,
    manifests: () => common.reduce((sum, { now }) => sum + now.manifests.size, 0),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A client that has just begun, in one of the repositories. */
export function clientIn({ connection }: Place, ledger: Ledger, name: string): Client {
  return clientOf(connection, new Ledger(ledger.repository, ledger), new Random(name));
}

/** Lets clients loose on the registry for so many seconds. */
export async function rage(place: Place, { seconds, seed, writers = 8, readers = 3 }: FireOptions): Promise<void> {
  const { connection, scene, common, manifests } = place;
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), seconds * 1_000);
  const isOver = () => over.signal.aborted;
  const work = (name: string, weights: () => Weights) => {
    const ledgers = common.map((ledger) => new Ledger(ledger.repository, ledger));
    return act(connection, { ledgers, random: new Random(`${seed} ${name}`), weights }, scene, isOver);
  };
  const working = [
    ...Array.from({ length: writers }, (_, n) => work(`writer ${n}`, () => (manifests() > plenty ? crowded : writing))),
    ...Array.from({ length: readers }, (_, n) => work(`reader ${n}`, () => reading)),
    collectOften(clientIn(place, common[0]!, `${seed} collector`), often, isOver),
  ];
  try {
    await Promise.all(working);
  } finally {
    clearTimeout(timer);
    over.abort();
    await Promise.allSettled(working);
  }
}

/** Some clients take their time before they push a manifest, but not longer than the promise of a HEAD lasts. */
async function pause({ random }: Client): Promise<void> {
  if (random.chance(0.2)) await sleep(random.below((times.gracePeriod / 2) * 0.7));
}
