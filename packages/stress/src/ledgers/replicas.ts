import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Link,
  type Replicas,
  startPostgres,
  startReplicas,
  startS3Server,
  startToxiproxy,
  storesEnv,
} from '@mcr/testkit';
import type { Build } from '../actor/victim.ts';
import { fsck } from '../inspect/fsck.ts';
import { inspectClient } from '../inspect/inspect.ts';
import type { Random } from '../random.ts';
import { times } from './ledger.ts';
import type { Servers } from './servers.ts';

/** Replicas wait so long before they start again, in milliseconds. */
const restartAfterMs = 300;
/** haproxy asks four times a second. */
const noticedAfterMs = 600;

/**
 * Replicas on PostgreSQL and S3 behind haproxy, with toxiproxy before both: in every round, connections to one of them are late,
 * reset, cut, or not to be had for a while.
 */
export async function replicaServers(count: number, build: Build = {}): Promise<Servers> {
  await using resources = new AsyncDisposableStack();
  const postgres = resources.use(await startPostgres({ version: 15, settings: { fsync: 'on' } }));
  const s3 = resources.use(await startS3Server('versitygw'));
  const toxiproxy = resources.use(await startToxiproxy());
  const links = {
    postgres: await toxiproxy.link('postgres', postgres.port),
    s3: await toxiproxy.link('s3', Number(new URL(s3.endpoint).port)),
  };
  const replicas = resources.use(
    await startReplicas({
      count,
      ...(build.bundle !== undefined && { bundle: build.bundle }),
      env: {
        ...storesEnv(
          `postgres://mcr@127.0.0.1:${links.postgres.port}/postgres`,
          s3,
          `http://127.0.0.1:${links.s3.port}`,
        ),
        MCR_GC_INTERVAL: '0',
        MCR_GC_GRACE_PERIOD: `${times.gracePeriod}ms`,
        MCR_GC_UPLOAD_TTL: `${times.uploadTtl}ms`,
        MCR_GC_TRASH_RETENTION: '1s',
        MCR_STORAGE_TAG_DELETE: 'true',
        ...build.env,
      },
    }),
  );
  const owned = resources.move();
  return {
    registry: replicas,
    count,
    kind: 'replica',
    clientOf: async (number) => replicas.clientOf(number - 1),
    kill: (number) => killAndStart(replicas, number - 1),
    async allServe() {
      // One that met a disturbance at its start has ended with an error; a service manager starts it again.
      for (const replica of replicas.replicas) if (!(await replica.isRunning())) await replica.start();
      const ready = await Promise.all(replicas.replicas.map((replica) => replica.isReady()));
      if (!ready.every(Boolean)) return false;
      await sleep(noticedAfterMs);
      return true;
    },
    disturb: (random, isOver) => disturb(random.chance(0.5) ? links.s3 : links.postgres, random, isOver),
    async inspect(world, clients) {
      for (const client of clients) await inspectClient(client);
      for (const problem of await fsck(replicas, world, { mayBeCollected: true })) world.violate(problem);
    },
    async inspectLeftovers(world) {
      for (const problem of await fsck(replicas, world, { mayBeCollected: false })) world.violate(problem);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function killAndStart({ replicas }: Replicas, at: number): Promise<boolean> {
  const replica = replicas[at];
  if (replica === undefined || !(await replica.isRunning())) return false;
  await replica.kill();
  await sleep(restartAfterMs);
  await replica.start();
  return true;
}

/** One disturbance after the other. */
async function disturb(link: Link, random: Random, isOver: () => boolean): Promise<void> {
  const kinds = [
    () => link.delay(50 + random.below(250), 50),
    () => link.reset(random.below(200)),
    () => link.cut('up', 1 + random.below(200_000)),
    () => link.cut('down', 1 + random.below(200_000)),
    () => link.down(),
  ];
  try {
    while (!isOver()) {
      await sleep(random.below(400));
      await random.pick(kinds)();
      await sleep(100 + random.below(400));
      await link.heal();
    }
  } finally {
    await link.heal();
  }
}
