import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, rest } from './client.ts';

/** How often to poll whether a collection has ended, in milliseconds. */
const every = 5;

/** A garbage collection as the admin API shows it. */
export interface GcRun {
  readonly id: string;
  readonly state: string;
  readonly trigger: string;
  readonly error?: string;
  readonly blobs_removed: number;
  readonly uploads_removed: number;
  readonly missing_files: number;
  readonly orphans_removed: number;
}

/** Runs a garbage collection to its end, unless one is running already or another one has followed it. */
export async function collect(
  client: Pick<Connection, 'world' | 'oci'>,
  reconcile: boolean,
): Promise<GcRun | undefined> {
  const { world } = client;
  return await world.during('collecting garbage', async () => {
    const started = await world.request('collecting garbage', () => rest(client, 'POST', '/v1/gc', { reconcile }));
    if (!world.expect('asking for a collection', started, 202, 409) || started.status === 409) return undefined;
    const run = await lastRun(client);
    if (run.id !== started.json().id) return undefined;
    // What a request would have met as 503.
    if (run.state === 'failed' && world.mayInterrupt && /; try again/.test(run.error ?? '')) {
      world.count('collections that met a disturbance');
      return undefined;
    }
    world.count('collections');
    world.count('blobs collected', run.blobs_removed);
    world.count('uploads expired', run.uploads_removed);
    for (const problem of problemsOf(run)) world.violate(problem);
    return run;
  });
}

/** Runs one with a reconcile, after whichever are under way; none when it is not to be had, which is a violation. */
export async function collectNow(client: Pick<Connection, 'world' | 'oci'>): Promise<GcRun | undefined> {
  const { violations } = client.world;
  for (const { length } = violations; violations.length === length; ) {
    const run = await collect(client, true);
    if (run !== undefined) return run;
    await sleep(every);
  }
  return undefined;
}

/** What no collection may report, as text. */
export function problemsOf({ state, error, missing_files: missing }: GcRun): readonly string[] {
  return [
    ...(state === 'completed' ? [] : [`a collection ended as ${state}: ${error}`]),
    ...(missing > 0 ? [`a collection found ${missing} blobs without a file`] : []),
  ];
}

async function lastRun(client: Pick<Connection, 'oci'>): Promise<GcRun> {
  for (;;) {
    const { running, last_run: run } = (await rest(client, 'GET', '/v1/gc/status')).json();
    if (!running) return run;
    await sleep(every);
  }
}
