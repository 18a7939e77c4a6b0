import { startRegistry, type TestRegistry } from '@mcr/testkit';
import type { Times } from './world.ts';

/** Where a server comes from, and what it is started with beside the usual. */
export interface Build {
  readonly bundle?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The same server with several workers. */
export function withWorkers(build: Build, workers: number): Build {
  if (workers === 1) return build;
  return { ...build, env: { ...build.env, MCR_SERVER_WORKERS: String(workers), MCR_STORAGE_SHARED: 'true' } };
}

/** Starts a registry whose periods are short, or as given; all its file operations run on one thread. */
export async function startVictim({ bundle, env }: Build, times: Times): Promise<TestRegistry> {
  return await startRegistry({
    ...(bundle !== undefined && { bundle }),
    env: {
      UV_THREADPOOL_SIZE: '1',
      MCR_GC_INTERVAL: '0',
      MCR_GC_GRACE_PERIOD: `${times.gracePeriod}ms`,
      MCR_GC_UPLOAD_TTL: `${times.uploadTtl}ms`,
      MCR_STORAGE_TAG_DELETE: 'true',
      ...env,
    },
  });
}
