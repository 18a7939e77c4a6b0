import {
  type RegistryOptions,
  startRegistry,
  startWorkers,
  type TestRegistry,
  type WorkersRegistry,
} from '@mcr/testkit';
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
export async function startVictim(build: Build, times: Times): Promise<TestRegistry> {
  return await startRegistry(optionsOf(build, times));
}

/** The same with several workers. */
export async function startVictims(workers: number, build: Build, times: Times): Promise<WorkersRegistry> {
  return await startWorkers(workers, optionsOf(build, times));
}

function optionsOf({ bundle, env }: Build, times: Times): RegistryOptions {
  return {
    ...(bundle !== undefined && { bundle }),
    env: {
      UV_THREADPOOL_SIZE: '1',
      MCR_GC_INTERVAL: '0',
      MCR_GC_GRACE_PERIOD: `${times.gracePeriod}ms`,
      MCR_GC_UPLOAD_TTL: `${times.uploadTtl}ms`,
      MCR_STORAGE_TAG_DELETE: 'true',
      ...env,
    },
  };
}
