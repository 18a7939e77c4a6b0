import type { Series } from '../rounds.ts';
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

/** The rows of a group, in the order in which they were measured. */
export function rowsOf({ series }: Pick<Result, 'series'>, group: GroupNote): readonly Row[] {
  const own = series.filter((one) => one.group === group.name);
  const rows = Map.groupBy(own, ({ workload, metric }) => JSON.stringify([workload, metric]));
  return [...rows.values()].map((parts) => {
    const byContender = new Map(parts.map((part) => [part.contender, part.rounds]));
    const ratios = group.comparisons.flatMap(([subject, baseline]) => {
      const [above, below] = [byContender.get(subject), byContender.get(baseline)];
      return above && below ? [[ratioName(subject, baseline), spreadOf(dividedBy(above, below))] as const] : [];
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

/** The spread of some rounds; of an even number of them the middle is the mean of two. */
export function spreadOf(rounds: readonly number[]): Spread {
  const sorted = rounds.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const half = (sorted.length - 1) / 2;
  return { median: (at(Math.floor(half)) + at(Math.ceil(half))) / 2, min: at(0), max: at(sorted.length - 1) };
}

/** A round is compared with the one of the same turn: the machine was the same then. */
function dividedBy(above: readonly number[], below: readonly number[]): readonly number[] {
  return above.slice(0, below.length).map((value, round) => value / below[round]!);
}
