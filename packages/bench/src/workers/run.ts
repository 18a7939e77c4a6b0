// `node packages/bench/src/workers/run.ts`: what manifest GETs cost with one worker, with several, and with as many registries
// that have nothing to do with each other. `--help` describes the options.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type Load, loadOn, type Measured } from './load.ts';
import { type Subject, startControl, startWith } from './subject.ts';

const usage = `node packages/bench/src/workers/run.ts [options], after npm run build

  --workers LIST   numbers of workers, such as 1,2,4; default: 1 to the number of cores, doubling
  --seconds N      for how long each is measured in a round; default: 5
  --rounds N       rounds; each measures all of them, in turn; default: 3
  --clients N      kept-alive connections; default: 32
  --new            opens a connection for each request
  --control        measures as many independent registries beside each number of workers
  --log LEVEL      log.level of the registries; default: info
  --json           prints every round as one JSON document
`;

const { values } = parseArgs({
  options: {
    workers: { type: 'string' },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    clients: { type: 'string', default: '32' },
    new: { type: 'boolean', default: false },
    control: { type: 'boolean', default: false },
    log: { type: 'string', default: 'info' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(usage);
else await main();

async function main(): Promise<void> {
  const load: Load = { seconds: Number(values.seconds), clients: Number(values.clients), keepAlive: !values.new };
  const numbers = values.workers?.split(',').map(Number) ?? upTo(availableParallelism());
  await using resources = new AsyncDisposableStack();
  const subjects: Subject[] = [];
  for (const workers of numbers) {
    subjects.push(resources.use(await startWith(workers, values.log)));
    if (values.control && workers > 1) subjects.push(resources.use(await startControl(workers, values.log)));
  }
  const rounds: Measured[] = [];
  for (let round = 0; round <= Number(values.rounds); round += 1) {
    for (const subject of subjects) {
      const measured = await loadOn(subject, load);
      // The first round warms up.
      if (round > 0) rounds.push(measured);
    }
  }
  process.stdout.write(values.json ? `${JSON.stringify(rounds)}\n` : table(rounds));
}

function upTo(cores: number): number[] {
  const powers = Array.from({ length: Math.floor(Math.log2(cores)) + 1 }, (_, at) => 2 ** at);
  return [...new Set([...powers, cores])];
}

/** Medians, and the CPU of the first subject as 1. */
function table(rounds: readonly Measured[]): string {
  const names = [...new Set(rounds.map(({ name }) => name))];
  const rows = names.map((name) => {
    const own = rounds.filter((round) => round.name === name);
    const of = (pick: (round: Measured) => number): number => median(own.map(pick));
    const serverMs = own.map((it) => (it.workerCpu + it.primaryCpu) / it.requests).map((it) => it * 1_000);
    return { name, of, spread: [Math.min(...serverMs), Math.max(...serverMs)] as const, cpu: median(serverMs) };
  });
  const [first] = rows;
  const lines = rows.map(({ name, of, cpu, spread }) =>
    [
      name,
      Math.round(of((it) => it.requests / it.seconds)),
      `${cpu.toFixed(3)} (${spread.map((it) => it.toFixed(3)).join(' to ')})`,
      (cpu / first!.cpu).toFixed(2),
      `${Math.round(of((it) => (100 * it.primaryCpu) / (it.primaryCpu + it.workerCpu)))} %`,
      of((it) => it.clientCpu / it.seconds).toFixed(2),
    ].join(' | '),
  );
  const head =
    'served by | requests/s | server CPU ms/request | times | of it the primary | cores of the load generator';
  return `| ${head} |\n|${'---|'.repeat(6)}\n${lines.map((line) => `| ${line} |\n`).join('')}`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
