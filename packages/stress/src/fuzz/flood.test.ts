import { buildImage, createOciClient, pushImage, seededBytes } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { complaintsOf } from '../inspect/complaints.ts';
import { affordable, startFlood } from './flood/flood.ts';
import { canary, startTarget, type Target } from './target.ts';

const timeout = 300_000;
/** For `expect.poll`: gives up only on what never happens, also on a busy machine. */
const pollOptions = { interval: 20, timeout: 20_000 };
const preload = new URL('./flood/few-files.ts', import.meta.url).href;
/** An idle connection takes about 60 kB, of which TLS has the most. */
const maxBytesEach = 110_000;
/** One of seven reads nothing of a blob that it requested: what was read for it waits in memory. */
const maxBytesOfReader = 1 << 20;
/** What the registry takes for itself while it serves. */
const maxBytesElse = 150 << 20;

/** Else the first would be gone before a busy machine has opened the last. */
const patient = { MCR_SERVER_READ_TIMEOUT: '600s', MCR_SERVER_IDLE_TIMEOUT: '600s' };
/** Connections with trickling bodies are closed, and opened again; the others, four of seven, stay. */
const staying = 0.5;

/** Logs in, pulls and pushes as an ordinary client, on connections of its own. */
async function useAsUsual({ registry }: Target, round: number): Promise<void> {
  const { baseUrl, ca, adminPassword: password } = registry;
  await using client = createOciClient({ baseUrl, ca, username: 'admin', password });
  await client.token();
  const pulled = await client.getManifest(canary.repository, canary.tag);
  expect(pulled.status).toBe(200);
  const { layers } = pulled.json() as { layers: { digest: string; size: number }[] };
  for (const { digest, size } of layers) {
    expect(await client.hashBlob(canary.repository, digest)).toEqual({ status: 200, size, digest });
  }
  const image = await buildImage({ layers: [seededBytes(`flood ${round}`, 50_000)] });
  await pushImage(client, 'flood/usual', `v${round}`, image);
}

test('thousands of idle and slow connections leave ordinary requests served, and leave nothing', {
  timeout,
}, async () => {
  const count = affordable(5_000);
  await using target = await startTarget({ env: patient });
  const handles = await target.handles();
  const { rss } = await target.registry.memory();
  await using flood = await startFlood(target, count);
  expect(flood.connections).toBeGreaterThan(count * staying);
  expect(await target.handles()).toBeGreaterThan(count * staying);

  for (let round = 0; round < 3; round += 1) await useAsUsual(target, round);

  const { peakRss } = await target.registry.memory();
  expect(peakRss - rss).toBeLessThan(count * (maxBytesEach + maxBytesOfReader / 7) + maxBytesElse);
  expect(await flood.close()).toBeGreaterThan(count * staying);
  await expect.poll(() => target.handles(), pollOptions).toBeLessThan(handles + 20);
  expect(complaintsOf(target.registry)).toEqual([]);
});

test('more connections than there are files leave blobs readable to who is connected', { timeout }, async () => {
  await using target = await startTarget({ preload });
  const { client, names } = target;
  const pull = async () => (await client.getBlob(canary.repository, names.blobs[0]!)).status;
  expect(await pull()).toBe(200);
  await using flood = await startFlood(target, 600);
  expect(flood.connections).toBeLessThan(200);
  for (let round = 0; round < 20; round += 1) expect(await pull()).toBe(200);
  await flood.close();
  await expect.poll(() => useAsUsual(target, 0).then(() => 'served', String), pollOptions).toBe('served');
  expect(complaintsOf(target.registry)).toEqual([]);
});
