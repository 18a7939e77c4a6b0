import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SqliteMetadataStore } from '@mcr/db';
import { type BlobStore, DiskBlobStore, type StoredBlob } from '@mcr/storage';
import { buildImage, createOciClient, pushImage, seededBytes } from '@mcr/testkit';
import { startTestServer, testPassword } from '../_util/server.ts';
import { registryDirectory } from './_directory.ts';
import { CallTimes } from './scale/call-times.ts';
import { type Filling, fill } from './scale/fill.ts';
import { measure } from './scale/measure.ts';

const garbage = 5_000;
const repository = 'measured/image';

/** Puts the list that the layers would give in front of a store that has only some of the files. */
function listing(blobs: BlobStore, { locators, blobSize }: Filling): BlobStore {
  const list = async function* (): AsyncGenerator<StoredBlob> {
    for (const locator of locators) yield { locator, size: blobSize, sealedAt: 0 };
  };
  return new Proxy(blobs, {
    get: (target, name) => {
      if (name === 'list') return list;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Nothing but pulls, a collection of 5,000 among so many, and a reconcile of what is left. */
async function measureAt(count: number): Promise<Record<string, unknown>> {
  await using directory = await registryDirectory();
  const path = join(directory.path, 'mcr.db');
  await (await SqliteMetadataStore.open({ path })).close();
  const filling = await fill(directory.path, count, garbage);
  const watch = new CallTimes();
  const store = watch.over(await SqliteMetadataStore.open({ path }));
  const blobs = listing(await DiskBlobStore.open(directory.config.storage), filling);
  await using server = await startTestServer({ overrides: { store, blobs } });
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
  const measured: Record<string, unknown> = {};
  const tasks = { idle: () => sleep(3_000), collection: () => run(false), reconcile: () => run(true) };
  for (const [what, task] of Object.entries(tasks)) {
    watch.reset();
    measured[what] = { ...(await measure(server, repository, image, task)), calls: watch.slowest(4) };
  }
  return measured;
}

for (const count of process.argv.slice(2).length > 0 ? process.argv.slice(2).map(Number) : [50_000, 500_000]) {
  const measured = await measureAt(count);
  process.stdout.write(`${garbage} garbage among ${count} blobs, milliseconds:\n`);
  for (const [what, measurement] of Object.entries(measured)) {
    process.stdout.write(`  ${what}: ${JSON.stringify(measurement)}\n`);
  }
}
