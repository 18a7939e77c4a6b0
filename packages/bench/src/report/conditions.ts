import { cpus, loadavg, release, totalmem } from 'node:os';
import { run } from '@mcr/testkit';
import type { Peer } from '../peers/peer.ts';
import type { Conditions } from './result.ts';

const gibibyte = 1 << 30;

/** What the machine and the contenders are; `minutes` is left for the end of the run. */
export async function readConditions(
  contenders: readonly Peer[],
  run: Pick<Conditions, 'scale' | 'rounds'>,
): Promise<Omit<Conditions, 'minutes'>> {
  return {
    date: new Date().toISOString(),
    commit: await describeCommit(),
    kernel: release(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / gibibyte),
    load: loadavg()[0] ?? 0,
    node: process.version,
    ...run,
    contenders: await Promise.all(
      contenders.map(async (contender) => ({
        name: contender.name,
        conditions: contender.conditions,
        version: (await contender.version()) ?? 'not installed, so not measured',
      })),
    ),
  };
}

/** The conditions in lines of text. */
export function conditionLines(it: Conditions): readonly string[] {
  const size = it.scale === 'full' ? '' : ` At the scale "${it.scale}" sizes are small, and figures mean little.`;
  return [
    `${it.date}, commit ${it.commit}, ${it.rounds} round(s), ${it.minutes.toFixed(1)} minutes.${size}`,
    `${it.cores} × ${it.cpu}, ${it.memoryGiB} GiB, Linux ${it.kernel}, Node ${it.node}; load ${it.load.toFixed(2)} at the start.`,
    ...it.contenders.map(({ name, version, conditions }) => `${name} (${version}). ${conditions}.`),
  ];
}

async function describeCommit(): Promise<string> {
  const options = { cwd: import.meta.dirname };
  const described = await run('git', ['describe', '--tags', '--always', '--dirty'], options).catch(() => undefined);
  return described?.code === 0 ? described.stdout.trim() : 'unknown';
}
