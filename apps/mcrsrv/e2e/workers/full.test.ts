import { connect, type Socket } from 'node:net';
import { runOk, startWorkers } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { sharedResources } from '../shared.ts';
import { pidsOf, pollOptions } from './_util.ts';

/** Two fifths of these are connections to the registry. */
const files = 128;
const perWorker = 51;
/** A connection that is accepted has more time than this for TLS, of which these never begin. */
const handshakeMs = 9_000;

test('connections beyond what all workers take are closed, and not passed around among them', async () => {
  const registry = sharedResources().use(await startWorkers(2, { env: { MCR_LIMITS_CONNECTIONS_PER_ADDRESS: '0' } }));
  // Workers inherit the limit of the primary.
  await runOk('prlimit', ['--pid', String(registry.pid), `--nofile=${files}:${files}`]);
  const before = await pidsOf(registry);
  process.kill(registry.pid, 'SIGUSR2');
  await expect
    .poll(async () => (await pidsOf(registry)).filter((pid) => before.includes(pid)), pollOptions)
    .toEqual([]);

  const { hostname: host, port } = new URL(registry.baseUrl);
  const open = new Set<Socket>();
  let rejected = 0;
  // All at once: on a busy machine, those that are accepted have run out of time before the last of many in turn.
  for (let at = 0; at < 3 * perWorker; at += 1) {
    const socket = connect(Number(port), host).on('error', () => {});
    open.add(socket);
    const startedAt = performance.now();
    socket.once('close', () => {
      open.delete(socket);
      if (performance.now() - startedAt < handshakeMs) rejected += 1;
    });
  }
  await expect.poll(() => rejected, pollOptions).toBeGreaterThanOrEqual(perWorker);
  for (const socket of open) socket.destroy();
  await using client = registry.client();
  await expect
    .poll(async () => (await client.request('GET', '/v2/').catch(() => undefined))?.status, pollOptions)
    .toBe(200);
});
