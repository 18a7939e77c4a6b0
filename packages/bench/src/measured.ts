import { run } from '@mcr/testkit';
import { cpuSeconds } from './cpu.ts';
import type { RunningPeer } from './peers/peer.ts';
import type { Figures } from './workload.ts';

/** What is counted. */
export type Unit = 'request' | 'MiB' | 'image' | 'operation' | 'page';

/** Begins the names of metrics that are about the load generator, which the reports show apart from the others. */
export const clientMetric = 'load generator ';

/**
 * Does the work, which returns how many units it did, and says how fast it was, what it cost the server's CPU, and what
 * it cost the load generator's, in all of its threads.
 */
export async function measured(peer: RunningPeer, unit: Unit, work: () => Promise<number>): Promise<Figures> {
  // What earlier work left to be written must not be written during this one.
  await run('sync', []);
  const cpuBefore = await cpuSeconds(peer.pid);
  const clientBefore = process.cpuUsage();
  const begun = performance.now();
  const units = await work();
  const seconds = (performance.now() - begun) / 1_000;
  const client = process.cpuUsage(clientBefore);
  const clientSeconds = (client.user + client.system) / 1e6;
  const cpu = (await cpuSeconds(peer.pid)) - cpuBefore;
  const rate = { [`${unit === 'MiB' ? unit : `${unit}s`}/s`]: units / seconds };
  return {
    ...(unit === 'MiB' && { seconds }),
    ...rate,
    [`CPU ms/${unit}`]: (cpu * 1_000) / units,
    [`${clientMetric}CPU ms/${unit}`]: (clientSeconds * 1_000) / units,
    [`${clientMetric}cores`]: clientSeconds / seconds,
  };
}
