import { CliError } from '../../cli/errors.ts';
import type { RestClient } from '../../rest/client.ts';
import type { GcRun } from './gc-run.ts';
import type { PendingGarbage } from './pending.ts';

/** What garbage collection is doing, and what it did last. */
export interface GcStatus {
  readonly running: boolean;
  readonly current_run?: GcRun;
  readonly last_run?: GcRun;
  /** Absent from a registry of version 0.1. */
  readonly pending?: PendingGarbage;
  readonly next_run_at?: string;
}

/** `POST /v1/gc`; the id of the run. */
export async function startGc(rest: RestClient, reconcile: boolean): Promise<string> {
  const { id } = await rest.send<{ readonly id: string }>({
    method: 'POST',
    path: '/v1/gc',
    body: { reconcile },
    to: 'start a garbage collection',
    shape: { id: 'text' },
    hints: { conflict: 'mcrctl gc status shows how far it is' },
  });
  return id;
}

/** `GET /v1/gc/status`. */
export function getGcStatus(rest: RestClient): Promise<GcStatus> {
  return rest.send({ path: '/v1/gc/status', to: 'read the status of garbage collection', shape: { running: 'flag' } });
}

/** `GET /v1/gc/runs`: newest first. */
export function listGcRuns(rest: RestClient, limit: number | undefined): AsyncGenerator<readonly GcRun[]> {
  return rest.pages(
    { path: '/v1/gc/runs', to: 'list the garbage collections', shape: { id: 'text', state: 'text' } },
    limit,
    'runs',
  );
}

/** The run of this id, as far as it is. Others may have started since. */
export async function getGcRun(rest: RestClient, id: string): Promise<GcRun> {
  const { current_run: current, last_run: last } = await getGcStatus(rest);
  const recent = [current, last].find((run) => run?.id === id);
  if (recent !== undefined) return recent;
  for await (const page of listGcRuns(rest, undefined)) {
    const run = page.find((it) => it.id === id);
    if (run !== undefined) return run;
  }
  throw new CliError(`the registry knows no garbage collection ${id}`, { hint: 'mcrctl gc runs lists them' });
}
