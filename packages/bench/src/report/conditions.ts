import { cpus, release, tmpdir, totalmem } from 'node:os';
import { run } from '@mcr/testkit';
import type { Peer } from '../peers/peer.ts';
import { diskOf } from './disk.ts';
import type { Conditions, StaticConditions } from './result.ts';
import { percent, stealOf } from './warnings.ts';

const gibibyte = 1 << 30;

/** What the machine and the contenders are before a run. */
export async function readConditions(
  contenders: readonly Peer[],
  run: Pick<Conditions, 'scale' | 'rounds' | 'only' | 'beside'>,
): Promise<StaticConditions> {
  return {
    date: new Date().toISOString(),
    commit: await describeCommit(),
    kernel: release(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / gibibyte),
    disk: await diskOf(tmpdir()),
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
  const cache = it.disk.writeCache === undefined ? 'of unknown cache' : `"${it.disk.writeCache}"`;
  return [
    `${it.date}, commit ${it.commit}, scale "${it.scale}", ${it.rounds} round(s), ${it.minutes.toFixed(1)} minutes.`,
    `${it.cores} × ${it.cpu}, ${it.memoryGiB} GiB, Linux ${it.kernel}, Node ${it.node}; data on ${it.disk.fileSystem}, device ${cache}.`,
    `Load ${it.start.load.toFixed(2)} at the start, ${it.end.load.toFixed(2)} at the end; ${percent(stealOf(it))} of the CPU time stolen by the host.`,
    ...it.contenders.map(({ name, version, conditions }) => `${name} (${version}). ${conditions}.`),
  ];
}

async function describeCommit(): Promise<string> {
  const options = { cwd: import.meta.dirname };
  const described = await run('git', ['describe', '--tags', '--always', '--dirty'], options).catch(() => undefined);
  return described?.code === 0 ? described.stdout.trim() : 'unknown';
}
