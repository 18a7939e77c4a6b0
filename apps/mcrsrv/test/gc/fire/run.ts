import { createOciClient, type OciClient } from '@mcr/testkit';
import { createLogger } from '../../../src/logger.ts';
import { startTestServer, type TestServer, testPassword } from '../../_util/server.ts';
import { expectNothingLeft, pullEverything } from './aftermath.ts';
import { collectOften } from './collections.ts';
import { makeImages } from './material.ts';
import type { Client } from './push.ts';
import { Random } from './random.ts';
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
  /** Runs beside the clients, while they are at work. */
  readonly during?: (server: TestServer, oci: OciClient, world: World) => Promise<void>;
}

export interface FireReport {
  readonly seed: string;
  readonly seconds: number;
  /** What happened how often. */
  readonly counts: Readonly<Record<string, number>>;
  /** What must not have happened, in words. */
  readonly violations: readonly string[];
}

/** Lets clients loose on a registry that collects garbage every second, and looks at what is left afterwards. */
export async function underFire({ seconds, seed, writers = 8, readers = 3, during }: FireOptions): Promise<FireReport> {
  const world = new World(await makeImages(seed), gracePeriod / 2);
  const log = createLogger('error', { write: (line) => world.violate(`logged: ${line.trim()}`) });
  await using server = await startTestServer({
    overrides: { log },
    env: {
      MCR_GC_INTERVAL: '1s',
      MCR_GC_GRACE_PERIOD: `${gracePeriod}ms`,
      MCR_GC_UPLOAD_TTL: `${uploadTtl}ms`,
      MCR_STORAGE_TAG_DELETE: 'true',
    },
  });
  const { baseUrl, ca } = server;
  await using oci = createOciClient({ baseUrl, ca, username: 'admin', password: testPassword });
  const clientOf = (name: string): Client => ({ world, oci, random: new Random(`${seed} ${name}`) });

  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), seconds * second);
  const work = [
    ...Array.from({ length: writers }, (_, n) => write(clientOf(`writer ${n}`), over.signal)),
    ...Array.from({ length: readers }, (_, n) => read(clientOf(`reader ${n}`), over.signal)),
    collectOften(oci, world, over.signal),
    during?.(server, oci, world),
  ];
  try {
    await Promise.all(work);
  } finally {
    clearTimeout(timer);
    over.abort();
    await Promise.allSettled(work);
  }
  await pullEverything(clientOf('last reader'), server);
  await expectNothingLeft(clientOf('inspector'), server, uploadTtl + second);
  await countRuns(world, server);
  return { seed, seconds, counts: Object.fromEntries(world.counts), violations: world.violations };
}

/** Every run of the collector must have ended well, and together they must have removed something. */
async function countRuns(world: World, { context }: TestServer): Promise<void> {
  for (const run of await context.services.store.listGcRuns({ limit: 10_000 })) {
    world.count(`collections ${run.state}`);
    world.count('collections by schedule', run.trigger === 'schedule' ? 1 : 0);
    world.count('blobs collected', run.blobsRemoved);
    world.count('uploads reaped', run.uploadsRemoved);
    if (run.state !== 'completed') world.violate(`a collection ended as ${run.state}: ${run.error}`);
    if (run.missingFiles + run.orphansRemoved > 0) world.violate(`a reconcile found ${JSON.stringify(run)}`);
  }
}
