import type { Series } from '../findings.ts';
import { clientMetric } from '../measured.ts';
import type { GroupNote, Result } from './result.ts';

/** The middle of some rounds, and the smallest and largest of them. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** One metric of one workload: what each contender reached, and the ratios between them. */
export interface Row {
  readonly workload: string;
  readonly metric: string;
  readonly values: ReadonlyMap<string, Spread>;
  /** By subject and baseline, as in `comparisons`; the ratio of each round, and of these the spread. */
  readonly ratios: ReadonlyMap<string, Spread>;
}

/** The rows of a group, in the order in which they were measured; without those about the load generator. */
export function rowsOf(result: Pick<Result, 'series'>, group: GroupNote): readonly Row[] {
  return allRowsOf(result, group).filter(({ metric }) => !metric.startsWith(clientMetric));
}

/** The rows of a group that are about the load generator. */
export function clientRowsOf(result: Pick<Result, 'series'>, group: GroupNote): readonly Row[] {
  return allRowsOf(result, group).filter(({ metric }) => metric.startsWith(clientMetric));
}

function allRowsOf({ series }: Pick<Result, 'series'>, group: GroupNote): readonly Row[] {
  const place = ({ contender }: Series): number => group.contenders.indexOf(contender);
  const own = series.filter((one) => one.group === group.name);
  const rows = Map.groupBy(own, ({ workload, metric }) => JSON.stringify([workload, metric]));
  return [...rows.values()].map((measured) => {
    // The order of measurement changes; a table has one order.
    const parts = measured.toSorted((a, b) => place(a) - place(b));
    const byContender = new Map(parts.map((part) => [part.contender, part.rounds]));
    const ratios = group.comparisons.flatMap(([subject, baseline]) => {
      const [above, below] = [byContender.get(subject), byContender.get(baseline)];
      const divided = dividedBy(above ?? [], below ?? []);
      return divided.some((ratio) => ratio !== null)
        ? [[ratioName(subject, baseline), spreadOf(divided)] as const]
        : [];
    });
    const { workload, metric } = parts[0] as Series;
    const values = parts.map(({ contender, rounds }) => [contender, spreadOf(rounds)] as const);
    return { workload, metric, values: new Map(values), ratios: new Map(ratios) };
  });
}

/** What a ratio is called: `mcr : docker-registry`. */
export function ratioName(subject: string, baseline: string): string {
  return `${subject} : ${baseline}`;
}

/** The spread of the rounds that did not fail; of an even number of them the middle is the mean of two. */
export function spreadOf(rounds: Series['rounds']): Spread {
  const sorted = rounds.filter((value) => value !== null).toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const half = (sorted.length - 1) / 2;
  return { median: (at(Math.floor(half)) + at(Math.ceil(half))) / 2, min: at(0), max: at(sorted.length - 1) };
}

/** A round is compared with the same one: the machine was the same then. One that failed on either side has no ratio. */
function dividedBy(above: Series['rounds'], below: Series['rounds']): Series['rounds'] {
  return above.map((value, round) => {
    const other = below[round] ?? null;
    return value === null || other === null ? null : value / other;
  });
}
