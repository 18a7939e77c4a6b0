import { availableParallelism } from 'node:os';
import type { ConfigProblem } from '../errors.ts';
import type { PartialConfig } from '../read-values.ts';
import type { ServerSection } from '../schema/config.ts';

type Workers = Pick<PartialConfig, 'server' | 'storage'>;

/** Rejects several workers on directories that one process owns. `auto` is rejected on one core, too: cores change. */
export function checkWorkers({ server, storage }: Workers): ConfigProblem[] {
  const { workers } = server;
  if (workers === undefined || workers === 1 || storage.shared !== false) return [];
  const found = workers === 'auto' ? 'is "auto"' : `is ${workers}`;
  const message = `${found}, but one process owns the directories of blobs; set storage.shared = true, or workers = 1`;
  return [{ key: 'server.workers', message }];
}

/** Workers beyond the cores wait for each other; they are allowed, since the next machine may have more cores. */
export function workerWarnings(
  server: Pick<ServerSection, 'workers'>,
  cores = availableParallelism(),
): ConfigProblem[] {
  if (server.workers === 'auto' || server.workers <= Math.max(cores, 1)) return [];
  const message = `${server.workers} workers share ${cores} ${cores === 1 ? 'core' : 'cores'}, which is slower than one per core; use "auto"`;
  return [{ key: 'server.workers', message }];
}

/** The number of processes that serve requests on this machine. */
export function workersOf({ workers }: Pick<ServerSection, 'workers'>, cores = availableParallelism()): number {
  return workers === 'auto' ? Math.max(cores, 1) : workers;
}
