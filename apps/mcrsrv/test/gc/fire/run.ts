import { createLogger } from '@mcr/server-kit/logger';
import { Random } from '@mcr/stress';
import { createOciClient, type OciClient } from '@mcr/testkit';
import { startTestServer, type TestServer, testPassword } from '../../_util/server.ts';
import { expectNothingLeft, pullEverything } from './aftermath.ts';
import { collectOften } from './collections.ts';
import { makeImages } from './material.ts';
import { read } from './reader.ts';
import { World } from './world.ts';
import { write } from './writer.ts';

/** Short, so that what was just pushed is collected under the eyes of those who push it again. */
const gracePeriod = 4_000;
const uploadTtl = 10_000;
const second = 1_000;

export interface FireOptions {
  readonly seconds: number;
  readonly seed: string;
  readonly writers?: number;
  readonly readers?: number;
}

export interface FireReport {
  readonly seed: string;
  readonly seconds: number;
  /** What happened how often. */
  readonly counts: Readonly<Record<string, number>>;
  /** What must not have happened, in words. */
  readonly violations: readonly string[];
}

/** A registry that collects garbage every second, and everything that its clients share. */
export interface FirePlace extends AsyncDisposable {
  readonly server: TestServer;
  readonly world: World;
  readonly oci: OciClient;
}

/** Starts a registry that collects garbage every second and keeps it for `grace` milliseconds. */
export async function startFirePlace(seed: string, grace: number = gracePeriod): Promise<FirePlace> {
  await using cleanup = new AsyncDisposableStack();
  const world = new World(await makeImages(seed), grace / 2);
  const log = createLogger('error', { write: (line) => world.violate(`logged: ${line.trim()}`) });
  const env = {
    MCR_GC_INTERVAL: '1s',
    MCR_GC_GRACE_PERIOD: `${grace}ms`,
    MCR_GC_UPLOAD_TTL: `${uploadTtl}ms`,
    MCR_STORAGE_TAG_DELETE: 'true',
  };
  const server = cleanup.use(await startTestServer({ overrides: { log }, env }));
  const { baseUrl, ca } = server;
  const oci = cleanup.use(createOciClient({ baseUrl, ca, username: 'admin', password: testPassword }));
  const owned = cleanup.move();
  return { server, world, oci, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Lets clients loose on the registry for so many seconds. Rejects when one of them gets no answer. */
export async function rage({ world, oci }: FirePlace, options: FireOptions): Promise<void> {
  const { seconds, seed, writers = 8, readers = 3 } = options;
  const client = (name: string) => ({ world, oci, random: new Random(`${seed} ${name}`) });
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), seconds * second);
  const work = [
    ...Array.from({ length: writers }, (_, n) => write(client(`writer ${n}`), over.signal)),
    ...Array.from({ length: readers }, (_, n) => read(client(`reader ${n}`), over.signal)),
    collectOften(oci, world, over.signal),
  ];
  try {
    await Promise.all(work);
  } finally {
    clearTimeout(timer);
    over.abort();
    await Promise.allSettled(work);
  }
}

/** Puts garbage collection under fire, and looks at what is left afterwards. */
export async function underFire(options: FireOptions): Promise<FireReport> {
  const { seconds, seed } = options;
  await using place = await startFirePlace(seed);
  const { server, world, oci } = place;
  await rage(place, options);
  const inspector = { world, oci, random: new Random(`${seed} inspector`) };
  await pullEverything(inspector, server.context.services.store);
  await expectNothingLeft(inspector, server, uploadTtl + second);
  await countRuns(world, server);
  return { seed, seconds, counts: Object.fromEntries(world.counts), violations: world.violations };
}

/** Every run must have ended well, and none may have found what the queue has missed. */
async function countRuns(world: World, { context }: TestServer): Promise<void> {
  for (const run of await context.services.store.gc.listRuns({ limit: 10_000 })) {
    world.count(`collections ${run.state}`);
    world.count('collections by schedule', run.trigger === 'schedule' ? 1 : 0);
    world.count('blobs collected', run.blobsRemoved);
    world.count('uploads reaped', run.uploadsRemoved);
    if (run.state !== 'completed') world.violate(`a collection ended as ${run.state}: ${run.error}`);
    if (run.missingFiles + run.orphansRemoved > 0) world.violate(`a reconcile found ${JSON.stringify(run)}`);
  }
}
