import type { Build } from '../../actor/victim.ts';
import { runSeries } from './series.ts';
import { Summary } from './summary.ts';

/** So many rounds share a registry, so that one starts on what the others left. */
export const roundsInSeries = 25;

/** Which rounds to run. */
export interface RoundsOptions {
  readonly seed: string;
  /** The first one, counted from 1: the beginning of a series. */
  readonly from?: number;
  readonly rounds: number;
  readonly build?: Build;
  /** Called after each series. */
  readonly onProgress?: (summary: Summary) => void;
}

/** Runs rounds, series by series. */
export async function runRounds({ seed, from = 1, rounds, build, onProgress }: RoundsOptions): Promise<Summary> {
  const summary = new Summary();
  for (let first = from; first < from + rounds; first += roundsInSeries) {
    const length = Math.min(roundsInSeries, from + rounds - first);
    await runSeries({ seed, first, rounds: length, ...(build !== undefined && { build }) }, summary);
    onProgress?.(summary);
  }
  return summary;
}

/** The arguments that repeat a round, with those before it in its series. */
export function replayArguments(seed: string, round: number): string {
  const from = round - ((round - 1) % roundsInSeries);
  return `--seed ${seed} --from ${from} --rounds ${round - from + 1}`;
}
