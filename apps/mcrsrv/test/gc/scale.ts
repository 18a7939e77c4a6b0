import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SqliteMetadataStore } from '@mcr/db';
import { DiskBlobStore } from '@mcr/storage';
import { buildImage, createOciClient, pushImage, seededBytes } from '@mcr/testkit';
import '../../src/process-settings.ts';
import { createLogger } from '@mcr/server-kit/logger';
import { diskOf } from '../../src/blob-stores.ts';
import { startTestServer, testPassword } from '../_util/server.ts';
import { registryDirectory } from './_directory.ts';
import { CallTimes } from './scale/call-times.ts';
import { fill } from './scale/fill.ts';
import { type Measurement, measure } from './scale/measure.ts';

/**
 * `node apps/mcrsrv/test/gc/scale.ts [50000 500000]`: what the same garbage costs among few and among many blobs, while
 * pulls go on. Exits with 1 when the cost follows the number of blobs, or the event loop stands still for too long.
 */
const garbage = 5_000;
const repository = 'measured/image';
/** How much more of the processor a collection may take among the most blobs than among the fewest. */
const mostGrowth = 1.2;
/** Milliseconds for which a collection may hold the event loop. */
const longestStall = 20;

const kinds = ['idle', 'collection', 'reconcile'] as const;
type Measured = Record<(typeof kinds)[number], Measurement & { readonly calls: object }>;

/** Nothing but pulls, a collection of 5,000 among so many, and a reconcile of what is left. */
async function measureAt(count: number): Promise<Measured> {
  await using directory = await registryDirectory();
  const path = join(directory.path, 'mcr.db');
  await (await SqliteMetadataStore.open({ path })).close();
  fill(directory.path, count, garbage);
  // Half a million files made in a minute keep the disk busy for the next one, and a commit waits for the disk.
  execFileSync('sync');
  const watch = new CallTimes();
  const store = watch.over(await SqliteMetadataStore.open({ path }));
  const blobs = await DiskBlobStore.open(diskOf(directory.config.storage));
  // A test server keeps what it logs: after some ten thousand requests V8 has more to collect than a registry ever has.
  const log = createLogger('info', { write: () => {} });
  await using server = await startTestServer({ overrides: { store, blobs, log } });
  const { baseUrl, ca } = server;
  await using client = createOciClient({ baseUrl, ca, username: 'admin', password: testPassword });
  const image = await buildImage({ layers: [seededBytes('layer', 20_000)] });
  await pushImage(client, repository, 'latest', image);

  const { collector } = server.context.services;
  const run = async (reconcile: boolean) => {
    await collector.start({ reconcile, trigger: 'api', actor: {} });
    const ended = await collector.finished();
    if (ended?.state !== 'completed') throw new Error(`The collection ended as ${ended?.state}: ${ended?.error}`);
    if (!reconcile && ended.blobsRemoved !== garbage) throw new Error(`It removed ${ended.blobsRemoved} blobs`);
  };
  const tasks = { idle: () => sleep(10_000), collection: () => run(false), reconcile: () => run(true) };
  const measured: Partial<Measured> = {};
  for (const kind of kinds) {
    watch.reset();
    measured[kind] = {
      ...(await measure(server, repository, image, tasks[kind], longestStall)),
      calls: watch.slowest(4),
    };
  }
  return measured as Measured;
}

/** Time of the processor for the collection alone: how many pulls go on beside it depends on how long it takes. */
function costOf({ idle, collection }: Measured): number {
  return collection.cpu - collection.requests * (idle.cpu / idle.requests);
}

const counts = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [50_000, 500_000];
const cost: number[] = [];
let stall = 0;
for (const count of counts) {
  const measured = await measureAt(count);
  process.stdout.write(`${garbage} garbage among ${count} blobs, milliseconds:\n`);
  for (const kind of kinds) process.stdout.write(`  ${kind}: ${JSON.stringify(measured[kind])}\n`);
  cost.push(costOf(measured));
  stall = Math.max(stall, measured.collection.longestStall, measured.reconcile.longestStall);
}
const growth = cost.at(-1)! / cost[0]!;
process.stdout.write(
  `CPU of a collection among the most : among the fewest ${growth.toFixed(2)} (${mostGrowth} at most)\n`,
);
process.stdout.write(`longest stall ${stall} ms (${longestStall} at most)\n`);
process.exitCode = growth <= mostGrowth && stall <= longestStall ? 0 : 1;
