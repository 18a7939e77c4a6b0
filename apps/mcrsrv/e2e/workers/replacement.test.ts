import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { digestOf } from '@mcr/core';
import {
  blobOf,
  createOciClient,
  locationOf,
  type OciClient,
  seededBytes,
  startWorkers,
  type TestBlob,
} from '@mcr/testkit';
import { expect, test } from 'vitest';
import { sharedResources } from '../shared.ts';
import { isRunning, logOf, pidOf, pidsOf, pollOptions, Traffic, withConnection } from './_util.ts';

const registry = sharedResources().use(await startWorkers(2));
const { token } = registry;

let counter = 0;
function freshBlob(): TestBlob {
  counter += 1;
  return blobOf(seededBytes(`blob ${counter}`, 20_000));
}

function clientOf(): OciClient {
  const { baseUrl, ca } = registry;
  return createOciClient({ baseUrl, ca, token });
}

function expectStatus({ status }: { readonly status: number }, expected: number): void {
  if (status !== expected) throw new Error(`Unexpected status ${status}`);
}

test('a worker that is killed under load is replaced; other connections live on, and nothing acknowledged is lost', async () => {
  await using survivor = await registry.clientOf(1);
  const [steady, load] = [new Traffic(), new Traffic()];
  const acknowledged: { readonly repository: string; readonly digest: string }[] = [];
  steady.add(async () => {
    const blob = freshBlob();
    expectStatus(await survivor.pushBlob('steady', blob), 201);
    acknowledged.push({ repository: 'steady', digest: blob.digest });
  });
  for (let at = 0; at < 4; at += 1)
    load.add(async () => {
      await withConnection(registry, token, async (client) => {
        const blob = freshBlob();
        expectStatus(await client.pushBlob('load', blob, 'stream'), 201);
        acknowledged.push({ repository: 'load', digest: blob.digest });
      });
    });
  const killed: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const before = load.done;
    await expect.poll(() => load.done, pollOptions).toBeGreaterThan(before + 20);
    const pid = await pidOf(registry, 2);
    killed.push(pid);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => pidOf(registry, 2).catch(() => pid), pollOptions).not.toBe(pid);
  }
  await Promise.all([steady.stop(), load.stop()]);
  expect(steady.failures).toEqual([]);
  expect(killed.filter(isRunning)).toEqual([]);
  await using client = clientOf();
  for (const { repository, digest } of acknowledged)
    expect(await client.hashBlob(repository, digest)).toMatchObject({ status: 200, digest });
  expect(acknowledged.length).toBeGreaterThan(60);
});

test('a rolling restart rejects no connection, breaks no request and loses no transfer', async () => {
  const before = await pidsOf(registry);
  const traffic = new Traffic();
  for (let at = 0; at < 4; at += 1)
    traffic.add(() =>
      withConnection(registry, token, async (client) => expectStatus(await client.request('GET', '/v2/'), 200)),
    );
  const kept = [await registry.clientOf(1), await registry.clientOf(2)];
  for (const client of kept)
    traffic.add(async () => {
      const blob = freshBlob();
      expectStatus(await client.pushBlob('kept', blob), 201);
      expectStatus(await client.getBlob('kept', blob.digest), 200);
      // Longer than the server takes to notice that a connection is idle.
      await sleep(150);
    });
  const content = seededBytes('slow', 5 << 20);
  const release = Promise.withResolvers<void>();
  async function* slowly(): AsyncGenerator<Uint8Array> {
    yield content.subarray(0, 1 << 20);
    await release.promise;
    yield content.subarray(1 << 20);
  }
  const slow = [await registry.clientOf(1), await registry.clientOf(2)];
  const finished = slow.map(async (client) => {
    const location = locationOf(await client.startUpload('slow'));
    return await client.finishUpload(location, digestOf(content), Readable.from(slowly()));
  });
  await expect.poll(() => traffic.done, pollOptions).toBeGreaterThan(20);
  process.kill(registry.pid, 'SIGUSR2');
  await expect.poll(() => registry.log(), pollOptions).toContain('rolling restart is complete');
  const after = traffic.done;
  await expect.poll(() => traffic.done, pollOptions).toBeGreaterThan(after + 20);
  release.resolve();
  for (const response of finished) expect((await response).status).toBe(201);
  await traffic.stop();
  expect(traffic.failures).toEqual([]);
  // Those that are idle may stay for a minute and a half.
  for (const client of [...kept, ...slow]) await client[Symbol.asyncDispose]();
  await expect.poll(() => before.filter(isRunning), pollOptions).toEqual([]);
  expect(await pidsOf(registry)).toHaveLength(2);
  expect(logOf(registry).filter(({ level, worker }) => level === 'error' && worker !== 0)).toEqual([]);
});

test('a connection on its way to a worker that is killed is closed, so that its client can try again', async () => {
  const pid = await pidOf(registry, 2);
  process.kill(pid, 'SIGSTOP');
  const { hostname: host, port } = new URL(registry.baseUrl);
  const sockets = Array.from({ length: 4 }, () => connect({ host, port: Number(port), ca: registry.ca }));
  const closed = new Set<TLSSocket>();
  for (const socket of sockets) socket.on('error', () => {}).once('close', () => closed.add(socket));
  const stuck = () => sockets.filter((socket) => !socket.authorized);
  await expect.poll(() => stuck().length, pollOptions).toBe(1);
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => closed.size, pollOptions).toBe(1);
  expect([...closed]).toEqual(stuck());
  for (const socket of sockets) socket.destroy();
});
