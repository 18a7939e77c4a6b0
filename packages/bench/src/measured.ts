import { run } from '@mcr/testkit';
import { cpuSeconds } from './cpu.ts';
import type { RunningPeer } from './peers/peer.ts';
import type { Figures } from './workload.ts';

/** What is counted. */
export type Unit = 'request' | 'MiB' | 'image' | 'operation' | 'page';

/** Does the work, which returns how many units it did, and says how fast it was and what it cost the server's CPU. */
export async function measured(peer: RunningPeer, unit: Unit, work: () => Promise<number>): Promise<Figures> {
  // What earlier work left to be written must not be written during this one.
  await run('sync', []);
  const cpuBefore = await cpuSeconds(peer.pid);
  const begun = performance.now();
  const units = await work();
  const seconds = (performance.now() - begun) / 1_000;
  const cpu = (await cpuSeconds(peer.pid)) - cpuBefore;
  const rate = { [`${unit === 'MiB' ? unit : `${unit}s`}/s`]: units / seconds };
  return { ...(unit === 'MiB' && { seconds }), ...rate, [`CPU ms/${unit}`]: (cpu * 1_000) / units };
}
