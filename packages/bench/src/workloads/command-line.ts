import { fileURLToPath } from 'node:url';
import { runOk } from '@mcr/testkit';
import { mcr } from '../peers/mcr.ts';
import { spreadOf } from '../report/summary.ts';
import type { Group, Workload } from '../workload.ts';

const mcrctl = fileURLToPath(new URL('../../../../apps/mcrctl/dist/mcrctl', import.meta.url));

/** How long a command that calls no server takes to print its output. */
export const commandLine: Group = {
  name: 'Command line',
  about: 'From starting the process to its end. The second line is Node alone, which mcrctl cannot be faster than.',
  chart: 'bars',
  contenders: [mcr],
  comparisons: [],
  workloads: [
    command('mcrctl --help', mcrctl, ['--help']),
    command('node --eval 0', process.execPath, ['--eval', '0']),
  ],
};

function command(name: string, executable: string, args: readonly string[]): Workload {
  return {
    name,
    async measure(_peer, { commands }) {
      const times: number[] = [];
      // The first is from a cold disk, and forgotten.
      for (let turn = 0; turn <= commands; turn += 1) {
        const begun = performance.now();
        await runOk(executable, args);
        if (turn > 0) times.push(performance.now() - begun);
      }
      return { ms: spreadOf(times).median };
    },
  };
}
