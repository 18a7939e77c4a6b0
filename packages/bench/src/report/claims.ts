import { formatNumber } from './format.ts';
import { type Headline, headlines, Rows } from './headlines.ts';
import type { Result } from './result.ts';

const peers = ['distribution', 'docker-registry'] as const;

/** What a run shows, in about ten sentences; each is made of its figures, and left out where it has none. */
export function claimsOf(result: Result): readonly string[] {
  const rows = new Rows(result);
  return [...headlines.map((it) => headlineClaim(rows, it)), workersClaim(rows)].filter((claim) => claim !== undefined);
}

/** Rows of the first table in which MCR is behind distribution v3: in throughput, or in CPU for each unit of work. */
export function behindDistribution(result: Result): readonly (readonly [workload: string, metric: string])[] {
  const rows = new Rows(result);
  return headlines.flatMap(({ workload, rate, cpu }) => [
    ...((rows.ratio(workload, rate, 'mcr', 'distribution') ?? 1) < 1 ? [[workload, rate] as const] : []),
    ...((rows.ratio(workload, cpu, 'mcr', 'distribution') ?? 1) > 1 ? [[workload, cpu] as const] : []),
  ]);
}

function headlineClaim(rows: Rows, { workload, title, rate, cpu }: Headline): string | undefined {
  const value = rows.value(workload, rate);
  if (value === undefined) return undefined;
  const besides = peers.flatMap((peer) => {
    const [more, cost] = [rate, cpu].map((metric) => rows.ratio(workload, metric, 'mcr', peer));
    if (more === undefined || cost === undefined) return [];
    return [`${formatNumber(more)} times the rate of ${peer} for ${formatNumber(cost)} times its CPU`];
  });
  return `${title}: ${[`${formatNumber(value)} ${rate}`, ...besides].join(', ')}.`;
}

function workersClaim(rows: Rows): string | undefined {
  const ratios = headlines.flatMap(({ workload, rate }) => {
    const ahead = peers.map((peer) => rows.ratio(workload, rate, 'workers', peer)).filter((it) => it !== undefined);
    return ahead.length === 0 ? [] : [Math.min(...ahead)];
  });
  if (ratios.length === 0) return undefined;
  const ahead = ratios.filter((ratio) => ratio > 1).length;
  return `With a worker for each core, MCR has a higher rate than each of the other registries in ${ahead} of ${ratios.length} of these workloads.`;
}
