import { setTimeout as sleep } from 'node:timers/promises';
import type { OciClient } from '@mcr/testkit';
import type { World } from './world.ts';

/** How often garbage collection is asked for by hand, beside the schedule, in milliseconds. */
const every = 1_000;

/** Asks for a collection every second, every fifth time with a reconcile, until told to stop. */
export async function collectOften(oci: OciClient, world: World, signal: AbortSignal): Promise<void> {
  for (let n = 0; !signal.aborted; n += 1) {
    const answer = await requestCollection(oci, n % 5 === 0);
    if (world.expect('a collection', answer, 202, 409)) world.count(`collections answered with ${answer.status}`);
    await sleep(every, undefined, { signal }).catch(() => {});
  }
}

/** Runs a collection with a reconcile from beginning to end, after whichever is under way. */
export async function collectNow(oci: OciClient): Promise<Record<string, unknown>> {
  for (;;) {
    const answer = await requestCollection(oci, true);
    if (answer.status === 202) return await ended(oci, String(answer.json().id));
    await sleep(100);
  }
}

function requestCollection(oci: OciClient, reconcile: boolean) {
  const body = JSON.stringify({ reconcile });
  return oci.request('POST', '/v1/gc', { body, headers: { 'content-type': 'application/json' } });
}

async function ended(oci: OciClient, id: string): Promise<Record<string, unknown>> {
  for (;;) {
    const { runs } = (await oci.request('GET', '/v1/gc/runs?n=20')).json();
    const run = runs.find((candidate: { id: string }) => candidate.id === id);
    if (run?.state !== 'running') return run;
    await sleep(50);
  }
}
