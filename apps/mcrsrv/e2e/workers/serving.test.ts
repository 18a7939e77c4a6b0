import { buildImage, pushImage, seededBytes, startWorkers } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { sharedResources } from '../shared.ts';

const shared = sharedResources();
const registry = shared.use(await startWorkers(2));
const pollOptions = { interval: 20, timeout: 20_000 } as const;

interface LogLine {
  readonly worker: number;
  readonly level: string;
  readonly msg: string;
  readonly requestId?: string;
}

function logLines(): LogLine[] {
  return registry
    .log()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as LogLine);
}

async function metric(name: string, labels = ''): Promise<number> {
  const response = await fetch(`${registry.metricsUrl}/metrics`);
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith(`${name}{${labels}`));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

test('two workers take connections of the same port, and push and pull what the other one has', async () => {
  const [one, two] = [await registry.clientOf(1), await registry.clientOf(2)];
  const image = await buildImage({ layers: [seededBytes('layer', 100_000)] });
  expect((await pushImage(one, 'shared/app', 'v1', image, 'stream')).status).toBe(201);
  const pulled = await two.getManifest('shared/app', 'v1');
  expect(pulled.body.equals(Buffer.from(image.manifest.bytes))).toBe(true);
  const { digest } = image.layers[0]!;
  expect((await two.getBlob('shared/app', digest)).status).toBe(200);
  expect((await two.deleteManifest('shared/app', image.manifest.digest)).status).toBe(202);
  expect((await one.getManifest('shared/app', 'v1')).status).toBe(404);
});

test('every line of the log is whole and says its worker, and what is done once is logged once', async () => {
  const clients = [await registry.clientOf(1), await registry.clientOf(2)];
  // Longer than what a pipe takes in one piece.
  const path = `/v2/app/manifests/${'x'.repeat(10_000)}`;
  const ids = await Promise.all(
    Array.from({ length: 200 }, async (_, at) => (await clients[at % 2]!.request('GET', path)).header('x-request-id')),
  );
  await expect.poll(() => ids.every((id) => registry.log().includes(id!)), pollOptions).toBe(true);
  const lines = logLines();
  expect(new Set(lines.filter(({ requestId }) => ids.includes(requestId)).map(({ worker }) => worker))).toEqual(
    new Set([1, 2]),
  );
  expect(lines.every(({ worker }) => [0, 1, 2].includes(worker))).toBe(true);
  expect(lines.filter(({ msg }) => msg === 'listening')).toEqual([expect.objectContaining({ worker: 0, workers: 2 })]);
});

test('a scrape has the requests of both workers, the stored objects once, and the memory of each process', async () => {
  const clients = [await registry.clientOf(1), await registry.clientOf(2)];
  const route = 'method="GET",route="/v1/repositories",status="200"';
  const before = await metric('registry_http_requests_total', route);
  for (let at = 0; at < 10; at += 1)
    expect((await clients[at % 2]!.request('GET', '/v1/repositories')).status).toBe(200);
  await expect.poll(() => metric('registry_http_requests_total', route), pollOptions).toBe(before + 10);
  const image = await buildImage({ layers: [seededBytes('counted', 1_000)] });
  const blobs = await metric('registry_objects', 'kind="blobs"');
  expect((await pushImage(clients[0]!, 'counted/app', 'v1', image)).status).toBe(201);
  await expect
    .poll(() => metric('registry_objects', 'kind="blobs"'), { interval: 500, timeout: 70_000 })
    .toBe(blobs + 2);
  for (const worker of [0, 1, 2])
    expect(await metric('process_resident_memory_bytes', `worker="${worker}"`)).toBeGreaterThan(1e6);
  expect(await metric('registry_workers', 'state="responding"')).toBe(2);
  expect(await metric('registry_build_info')).toBe(1);
});

test('the probes and the health command respond for all workers together', async () => {
  const ready = await fetch(`${registry.metricsUrl}/ready`);
  expect([ready.status, await ready.json()]).toEqual([
    200,
    { status: 'ready', checks: { database: 'ok', storage: 'ok' } },
  ]);
  expect((await fetch(`${registry.metricsUrl}/health`)).status).toBe(200);
  expect(await registry.cli(['health', '--config', registry.configPath])).toBe('ready\n');
});

test('a scrape waits no longer than a few seconds for a worker that is stuck, and loses none of its counts', async () => {
  const total = 'registry_http_requests_total';
  await registry.client().request('GET', '/v2/');
  await expect.poll(() => metric(total), pollOptions).toBeGreaterThan(0);
  const before = await metric(total);
  const { pid } = (await registry.workers()).find(({ number }) => number === 2)!;
  process.kill(pid, 'SIGSTOP');
  try {
    expect(await metric(total)).toBeGreaterThanOrEqual(before);
    expect(await metric('registry_workers', 'state="silent"')).toBe(1);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
});
