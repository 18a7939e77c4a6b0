import { clientMetric } from '../measured.ts';
import { formatSpread } from './format.ts';
import { footprints, headlines, Rows } from './headlines.ts';
import type { GroupNote, Result } from './result.ts';
import { clientRowsOf, ratioName, rowsOf, type Spread } from './summary.ts';
import { verdictsOf } from './verdicts.ts';

/** Heads the column of {@link clientMetric} in the tables of servers. */
const clientCores = 'cores of the load generator';

/** Text in rows and columns; every form of the report shows the same tables. */
export interface Table {
  readonly header: readonly string[];
  readonly lines: readonly (readonly string[])[];
}

/** The rows that the page begins with: all contenders, and how MCR compares with distribution v3. */
export function headlineTable(result: Result): Table {
  const rows = new Rows(result);
  const wanted = [
    ...headlines.flatMap(({ workload, rate, cpu }) => [[workload, rate] as const, [workload, cpu] as const]),
    ...footprints,
  ];
  const found = wanted.map(([workload, metric]) => rows.row(workload, metric)).filter((row) => row !== undefined);
  const names = result.conditions.contenders
    .map(({ name }) => name)
    .filter((name) => found.some(({ values }) => values.has(name)));
  const ratios = ['mcr', 'workers']
    .map((subject) => ratioName(subject, 'distribution'))
    .filter((name) => found.some((row) => row.ratios.has(name)));
  return {
    header: ['workload', 'metric', ...names, ...ratios, clientCores],
    lines: found.map((row) => [
      row.workload,
      row.metric,
      ...names.map((name) => cell(row.values.get(name))),
      ...ratios.map((name) => cell(row.ratios.get(name))),
      cell(rows.clientCores(row.workload)),
    ]),
  };
}

/** What a group's contenders reached, and how they compare. Columns without any figure are left out. */
export function groupTable(result: Result, group: GroupNote): Table {
  const rows = rowsOf(result, group);
  const cores = coresBeside(result, group);
  const names = group.contenders.filter((name) => rows.some(({ values }) => values.has(name)));
  const ratios = group.comparisons
    .map(([subject, baseline]) => ratioName(subject, baseline))
    .filter((name) => rows.some((row) => row.ratios.has(name)));
  return {
    header: ['workload', 'metric', ...names, ...ratios, ...(cores.size > 0 ? [clientCores] : [])],
    lines: rows.map((row) => [
      row.workload,
      row.metric,
      ...names.map((name) => cell(row.values.get(name))),
      ...ratios.map((name) => cell(row.ratios.get(name))),
      ...(cores.size > 0 ? [cell(cores.get(row.workload))] : []),
    ]),
  };
}

/** How many cores the load generator kept busy beside the first contender, by workload. */
function coresBeside(result: Result, group: GroupNote): ReadonlyMap<string, Spread> {
  const rows = clientRowsOf(result, group).filter(({ metric }) => metric === `${clientMetric}cores`);
  return new Map(
    rows.flatMap(({ workload, values }) => {
      const spread = values.get(group.contenders[0] ?? '');
      return spread === undefined ? [] : [[workload, spread] as const];
    }),
  );
}

/** Every target and whether it was met. */
export function targetTable(result: Result): Table {
  return {
    header: ['workload', 'metric', 'target', 'measured', ''],
    lines: verdictsOf(result).map((it) => [it.workload, it.metric, it.target, it.measured, it.verdict]),
  };
}

/** Why targets were missed, as far as it is known: each reason once, after the targets that it is about. */
export function limitsOf(result: Result): readonly string[] {
  const missed = verdictsOf(result).filter(({ verdict, limits }) => verdict === 'missed' && limits !== undefined);
  const reasons = Map.groupBy(missed, ({ limits }) => limits);
  return [...reasons].map(
    ([limits, about]) => `${about.map(({ workload, metric }) => `${workload}, ${metric}`).join('; ')}: ${limits}`,
  );
}

/** What the load generator's own threads did; MCR in special states is left out. */
export function clientTable(result: Result): Table {
  const rows = result.groups.flatMap((group) => clientRowsOf(result, group));
  const names = result.conditions.contenders
    .map(({ name }) => name)
    .filter((name) => rows.some(({ values }) => values.has(name)));
  return {
    header: ['workload', 'metric', ...names],
    lines: rows
      .filter(({ values }) => names.some((name) => values.has(name)))
      .map(({ workload, metric, values }) => [
        workload,
        metric.slice(clientMetric.length),
        ...names.map((name) => cell(values.get(name))),
      ]),
  };
}

/** Whether that table has any line. */
export function hasClientFigures(result: Result): boolean {
  return clientTable(result).lines.length > 0;
}

/** How to read the table of the load generator. */
export const clientAbout =
  'CPU of the load generator for each unit of work, and how many cores it kept busy meanwhile. Pulls of a large blob and ' +
  'new connections are spread over as many threads as there are cores, everything else comes from one thread: where that ' +
  'uses nearly a core, it is the limit, and only the CPU of the servers can be compared.';

function cell(spread?: Parameters<typeof formatSpread>[0]): string {
  return spread === undefined ? '' : formatSpread(spread);
}
