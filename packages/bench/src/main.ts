import { readFile, writeFile } from 'node:fs/promises';
import { groupsFor, peersBeside, peersOfOneGroup, responders } from './groups.ts';
import { type Options, readOptions, usage } from './options.ts';
import { readBusyness } from './report/busyness.ts';
import { readConditions } from './report/conditions.ts';
import { checkFitness } from './report/fitness.ts';
import { htmlReport } from './report/html.ts';
import { markdownReport } from './report/markdown.ts';
import type { Result } from './report/result.ts';
import { terminalReport } from './report/terminal.ts';
import { measureAll } from './rounds.ts';
import { selected } from './select.ts';
import { untilQuiet } from './wait-until.ts';

const options = readOptions(process.argv.slice(2));

if (options.help) process.stdout.write(usage);
else if (options.list) process.stdout.write(names(options));
else await report(options.from === undefined ? await measure(options) : await read(options.from), options);

async function measure(options: Options): Promise<Result> {
  const { scale, rounds, only, beside } = options;
  const peers = peersBeside(beside, options.peers);
  const conditions = await readConditions([...peers, ...peersOfOneGroup, ...responders], {
    scale: scale.name,
    rounds,
    only: only.join(', '),
    beside: beside.map(({ name }) => name),
  });
  checkFitness(conditions, options);
  if (scale.name === 'full') await untilQuiet();
  const start = await readBusyness();
  const begun = performance.now();
  const minutes = (): number => (performance.now() - begun) / 60_000;
  const onLine = (line: string): void => void process.stderr.write(`[${minutes().toFixed(1)} min] ${line}\n`);
  const versions = await Promise.all(peers.map((peer) => peer.version()));
  const groups = selected(
    groupsFor(
      scale,
      peers.filter((_, i) => versions[i] !== undefined),
      beside,
    ),
    only,
  );
  const { series, failures } = await measureAll(groups, { scale, rounds, onLine });
  return {
    conditions: { ...conditions, start, end: await readBusyness(), minutes: minutes() },
    groups: groups.map(({ name, about, chart, comparisons, contenders, responders = [] }) => ({
      name,
      about,
      chart,
      comparisons,
      contenders: [...contenders, ...responders].map((contender) => contender.name),
    })),
    series,
    failures,
  };
}

async function read(path: string): Promise<Result> {
  return JSON.parse(await readFile(path, 'utf8')) as Result;
}

async function report(result: Result, options: Options): Promise<void> {
  const { json, html, markdown } = options;
  checkFitness(result.conditions, options);
  process.stdout.write(terminalReport(result));
  if (json !== undefined) await writeFile(json, `${JSON.stringify(result, undefined, 2)}\n`);
  if (html !== undefined) await writeFile(html, htmlReport(result));
  if (markdown !== undefined) await writeFile(markdown, markdownReport(result));
  if (result.failures.length > 0) process.exitCode = 1;
}

function names({ scale, only, beside, peers }: Options): string {
  const groups = selected(groupsFor(scale, peersBeside(beside, peers), beside), only);
  return groups.flatMap(({ name, workloads }) => [name, ...workloads.map((it) => `  ${it.name}`), '']).join('\n');
}
