import { cpuSeconds } from './cpu.ts';
import type { Peer } from './peers/peer.ts';
import type { Scale, Workload } from './workloads/workload.ts';

/** One round of one workload on one peer. */
export interface Measurement {
  readonly unitsPerSecond: number;
  readonly cpuMsPerUnit: number;
}

/** Rounds of one workload on one peer. */
export interface Series {
  readonly peer: string;
  readonly workload: string;
  readonly unit: string;
  readonly rounds: readonly Measurement[];
}

/** Measures every workload on every peer, the peers taking turns, each round on an empty registry. */
export async function measureAll(
  peers: readonly Peer[],
  workloads: readonly Workload[],
  options: Scale & { readonly rounds: number; readonly onRound: (line: string) => void },
): Promise<readonly Series[]> {
  const all: Series[] = [];
  for (const workload of workloads) {
    const rounds = new Map<string, Measurement[]>(peers.map(({ name }) => [name, []]));
    for (let round = 0; round < options.rounds; round += 1) {
      for (const peer of round % 2 === 0 ? peers : peers.toReversed()) {
        const measured = await measure(peer, workload, options);
        rounds.get(peer.name)?.push(measured);
        options.onRound(`${workload.name}: ${peer.name} ${measured.unitsPerSecond.toFixed(1)} ${workload.unit}/s`);
      }
    }
    for (const [peer, measured] of rounds)
      all.push({ peer, workload: workload.name, unit: workload.unit, rounds: measured });
  }
  return all;
}

async function measure(peer: Peer, workload: Workload, scale: Scale): Promise<Measurement> {
  await using running = await peer.start();
  const run = await workload.prepare(running, scale);
  const cpuBefore = await cpuSeconds(running.pid);
  const startedAt = performance.now();
  const units = await run();
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpu = (await cpuSeconds(running.pid)) - cpuBefore;
  return { unitsPerSecond: units / seconds, cpuMsPerUnit: (cpu * 1_000) / units };
}
