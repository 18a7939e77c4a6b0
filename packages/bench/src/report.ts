import type { Measurement, Series } from './measure.ts';

/** Medians of the rounds, and how they compare with the first peer's. */
export interface Row {
  readonly workload: string;
  readonly peer: string;
  readonly unit: string;
  readonly unitsPerSecond: number;
  /** Smallest and largest round. */
  readonly spread: readonly [number, number];
  readonly cpuMsPerUnit: number;
  /** How many times as fast as this peer, and how many times its CPU per unit, the first peer is. */
  readonly firstPeerIs: { readonly speed: number; readonly cpu: number };
}

/** Makes the rows of the report; the first series of each workload is the one that the others are compared with. */
export function summarize(series: readonly Series[]): readonly Row[] {
  return series.map((one) => {
    const first = series.find(({ workload }) => workload === one.workload) ?? one;
    const rates = one.rounds.map(({ unitsPerSecond }) => unitsPerSecond);
    const speed = medianOf(one, 'unitsPerSecond');
    const cpu = medianOf(one, 'cpuMsPerUnit');
    return {
      workload: one.workload,
      peer: one.peer,
      unit: one.unit,
      unitsPerSecond: speed,
      spread: [Math.min(...rates), Math.max(...rates)],
      cpuMsPerUnit: cpu,
      firstPeerIs: { speed: medianOf(first, 'unitsPerSecond') / speed, cpu: medianOf(first, 'cpuMsPerUnit') / cpu },
    };
  });
}

/** The rows as a table for a terminal. */
export function formatTable(rows: readonly Row[]): string {
  const header = ['workload', 'peer', 'per second', 'min..max', 'CPU ms/unit', 'mcr speed x', 'mcr CPU x'];
  const cells = rows.map((row) => [
    row.workload,
    row.peer,
    `${row.unitsPerSecond.toFixed(1)} ${row.unit}`,
    row.spread.map((value) => value.toFixed(0)).join('..'),
    row.cpuMsPerUnit.toFixed(3),
    row.firstPeerIs.speed.toFixed(2),
    row.firstPeerIs.cpu.toFixed(2),
  ]);
  const widths = header.map((title, column) => Math.max(title.length, ...cells.map((line) => line[column]!.length)));
  return [header, ...cells]
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column]!)).join('  '))
    .join('\n');
}

function medianOf({ rounds }: Series, field: keyof Measurement): number {
  const sorted = rounds.map((round) => round[field]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
