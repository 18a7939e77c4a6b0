import type { Measure } from './measures.ts';
import type { S3Calls } from './s3-calls.ts';

/** Medians over the rounds; the first contender of each measure is 1. */
export function measureTable(measures: readonly Measure[]): string {
  const rows = [...Map.groupBy(measures, ({ what }) => what)].flatMap(([what, all]) => {
    const contenders = [...Map.groupBy(all, ({ name }) => name)];
    const first = median(contenders[0]![1].map(({ cpuMs }) => cpuMs));
    const firstRate = median(contenders[0]![1].map(({ rate }) => rate));
    return contenders.map(([name, rounds]) => {
      const cpu = rounds.map(({ cpuMs }) => cpuMs);
      const rate = median(rounds.map((round) => round.rate));
      const spread = `${Math.min(...cpu).toFixed(3)} to ${Math.max(...cpu).toFixed(3)}`;
      const times = (median(cpu) / first).toFixed(2);
      return [
        what,
        name,
        `${median(cpu).toFixed(3)} (${spread})`,
        times,
        rate.toFixed(1),
        (rate / firstRate).toFixed(2),
      ];
    });
  });
  return table(['what', 'on', 'CPU of mcrsrv', 'times', 'units/s', 'times'], rows);
}

/** The calls to S3 for each blob. */
export function callsTable(calls: readonly S3Calls[]): string {
  const rows = calls.map(({ blob, calls: counts }) => [
    blob,
    Object.entries(counts)
      .map(([method, count]) => `${count} ${method}`)
      .join(', ') || 'none',
  ]);
  return table(['push of a blob', 'calls to S3'], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
