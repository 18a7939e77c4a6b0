import { formatSpread } from './format.ts';
import type { GroupNote, Result } from './result.ts';
import { ratioName, rowsOf } from './summary.ts';
import { verdictsOf } from './verdicts.ts';

/** Text in rows and columns; every form of the report shows the same tables. */
export interface Table {
  readonly header: readonly string[];
  readonly lines: readonly (readonly string[])[];
}

/** What a group's contenders reached, and how they compare. Columns without any figure are left out. */
export function groupTable(result: Result, group: GroupNote): Table {
  const rows = rowsOf(result, group);
  const names = group.contenders.filter((name) => rows.some(({ values }) => values.has(name)));
  const ratios = group.comparisons
    .map(([subject, baseline]) => ratioName(subject, baseline))
    .filter((name) => rows.some((row) => row.ratios.has(name)));
  return {
    header: ['workload', 'metric', ...names, ...ratios],
    lines: rows.map((row) => [
      row.workload,
      row.metric,
      ...names.map((name) => cell(row.values.get(name))),
      ...ratios.map((name) => cell(row.ratios.get(name))),
    ]),
  };
}

/** Every target and whether it was met. */
export function targetTable(result: Result): Table {
  return {
    header: ['workload', 'metric', 'target', 'measured', ''],
    lines: verdictsOf(result).map((it) => [it.workload, it.metric, it.target, it.measured, it.verdict]),
  };
}

function cell(spread?: Parameters<typeof formatSpread>[0]): string {
  return spread === undefined ? '' : formatSpread(spread);
}
