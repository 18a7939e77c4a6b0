import { setTimeout as sleep } from 'node:timers/promises';
import {
  buildImage,
  createOciClient,
  pushImage,
  type Replicas,
  requirePostgres,
  requireS3Server,
  startReplicas,
  startSharedStores,
} from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { sharedResources } from '../shared.ts';

const canRun = [requirePostgres(15), requireS3Server('versitygw')].every(Boolean);
const clients = 4;

describe.skipIf(!canRun)('replicas that are replaced one after the other', () => {
  const shared = sharedResources();
  let replicas: Replicas;

  beforeAll(async () => {
    const { env } = shared.use(await startSharedStores());
    replicas = shared.use(await startReplicas({ count: 3, env }));
  });

  test('give clients who push and pull all the time no error of a server, and every push is complete', async () => {
    const { baseUrl, ca, adminPassword: password } = replicas;
    const statuses: number[] = [];
    const over = new AbortController();
    const pushed = new Map<string, string>();
    /** Like every client, sends again what met a connection that was closed at that moment. */
    const work = async (at: number): Promise<void> => {
      for (let n = 0; !over.signal.aborted; n += 1) {
        const image = await buildImage({ layers: [{ size: 2_000, seed: `${at} ${n}` }] });
        const repository = `rolling/${at}-${n}`;
        for (let attempt = 1; attempt <= 5; attempt += 1) {
          await using client = createOciClient({ baseUrl, ca, username: 'admin', password });
          try {
            await pushImage(client, repository, 'v1', image);
            pushed.set(repository, image.manifest.digest);
            statuses.push((await client.getManifest(repository, 'v1')).status);
            break;
          } catch (error) {
            const status = Number(/\b(5\d\d)\b/.exec(String(error))?.[1]);
            if (Number.isFinite(status)) statuses.push(status);
            if (attempt === 5) throw error;
          }
        }
      }
    };
    const working = Promise.all(Array.from({ length: clients }, (_, at) => work(at)));
    for (const replica of replicas.replicas) {
      const { pid } = replica;
      await replica.kill('SIGTERM');
      await replica.start();
      await expect.poll(() => replica.isReady(), { timeout: 60_000 }).toBe(true);
      expect(replica.pid).not.toBe(pid);
      await sleep(1_000);
    }
    over.abort();
    await working;
    expect(statuses.length).toBeGreaterThan(clients);
    expect(new Set(statuses)).toEqual(new Set([200]));
    const client = replicas.client();
    for (const [repository, digest] of pushed) {
      expect((await client.getManifest(repository, 'v1')).header('docker-content-digest')).toBe(digest);
    }
  });
});
