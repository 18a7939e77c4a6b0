import { type Target, targets } from '../targets.ts';
import { formatSpread } from './format.ts';
import type { Result } from './result.ts';
import { ratioName, rowsOf, type Spread } from './summary.ts';

/** A target and whether it was met, as text. */
export interface Verdict {
  readonly workload: string;
  readonly metric: string;
  readonly target: string;
  readonly measured: string;
  /** What keeps the figure from being better. */
  readonly limits?: string;
  readonly verdict: 'met' | 'missed' | 'not measured';
}

/** Compares every target with the medians of a run. */
export function verdictsOf(result: Result): readonly Verdict[] {
  const rows = result.groups.flatMap((group) => rowsOf(result, group));
  return targets.map((target) => {
    const { workload, metric, subject, baseline, limits } = target;
    const row = rows.find(
      (one) => one.workload === workload && one.metric === metric && hasSubject(one.values, target),
    );
    const measured = baseline === undefined ? row?.values.get(subject) : row?.ratios.get(ratioName(subject, baseline));
    return {
      workload,
      metric,
      target: boundOf(target),
      measured: measured === undefined ? '' : formatSpread(measured),
      verdict: compare(target, measured),
      ...(limits !== undefined && { limits }),
    };
  });
}

function hasSubject(values: ReadonlyMap<string, Spread>, { subject }: Target): boolean {
  return values.has(subject);
}

function compare({ atLeast = 0, atMost = Number.POSITIVE_INFINITY }: Target, measured?: Spread): Verdict['verdict'] {
  if (measured === undefined || Number.isNaN(measured.median)) return 'not measured';
  return measured.median >= atLeast && measured.median <= atMost ? 'met' : 'missed';
}

function boundOf({ subject, baseline, atLeast, atMost }: Target): string {
  const bound = atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`;
  return baseline === undefined ? `${subject} ${bound}` : `${ratioName(subject, baseline)} ${bound} ×`;
}
