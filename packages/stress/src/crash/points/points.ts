import type { Build } from '../../actor/victim.ts';
import { Random } from '../../random.ts';
import type { KillPoint } from './kill-point.ts';
import { sample } from './sample.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { type PointResult, Walk } from './walk.ts';

/** Which points to visit. */
export interface PointsOptions {
  readonly seed: string;
  /** How many to try (default: all). */
  readonly count?: number;
  /** A part of the names of the operations (default: every operation). */
  readonly name?: string;
  readonly build?: Build;
  /** Whether to continue after a failure (default: true). */
  readonly goOn?: boolean;
}

/** What was found, for each operation. */
export interface PointsReport {
  readonly operation: string;
  readonly points: number;
  readonly killed: number;
  readonly remaining: number;
  readonly failures: readonly { readonly point: string; readonly violations: readonly string[] }[];
}

interface Visit {
  readonly scenario: Scenario;
  readonly point: KillPoint;
}

/** Kills the server at points of each operation, one after the other. */
export async function visitPoints(options: PointsOptions): Promise<readonly PointsReport[]> {
  const { seed, count = Number.POSITIVE_INFINITY, name = '', build, goOn = true } = options;
  let walk = await Walk.start(build);
  await using _last = { [Symbol.asyncDispose]: () => walk[Symbol.asyncDispose]() };
  const chosen = scenarios.filter((scenario) => scenario.name.includes(name));
  const visits: Visit[] = [];
  const totals = new Map<string, number>();
  for (const scenario of chosen) {
    const points = await walk.pointsOf(scenario);
    totals.set(scenario.name, points.length);
    visits.push(...points.map((point) => ({ scenario, point })));
  }
  const results: { visit: Visit; result: PointResult }[] = [];
  for (const visit of sample(visits, count, new Random(`${seed} points`))) {
    const result = await walk.killAt(visit.scenario, visit.point);
    results.push({ visit, result });
    if (result.violations.length === 0) continue;
    if (!goOn) break;
    // What went wrong must not be found again at every later point.
    await walk[Symbol.asyncDispose]();
    walk = await Walk.start(build);
  }
  return chosen.map((scenario) => {
    const own = results.filter(({ visit }) => visit.scenario === scenario).map(({ result }) => result);
    return {
      operation: scenario.name,
      points: totals.get(scenario.name) ?? 0,
      killed: own.filter(({ remaining }) => !remaining).length,
      remaining: own.filter(({ remaining }) => remaining).length,
      failures: own
        .filter(({ violations }) => violations.length > 0)
        .map(({ point, violations }) => ({ point: describePoint(point), violations })),
    };
  });
}

/** A point as text. */
export function describePoint({ thread, call, nth, about }: KillPoint): string {
  return `${call} ${nth} of the ${thread} thread (${about})`;
}
