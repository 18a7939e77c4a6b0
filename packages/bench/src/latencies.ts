import type { Figures } from './workload.ts';

const percents = [50, 95, 99];

/** Milliseconds that each of many actions took. */
export class Latencies {
  readonly #times: number[] = [];

  /** Measures one action. */
  async time(action: () => Promise<unknown>): Promise<void> {
    const begun = performance.now();
    await action();
    this.#times.push(performance.now() - begun);
  }

  /** Their percentiles. */
  figures(name: string): Figures {
    return percentilesOf(name, this.#times);
  }
}

/** The times within which 50, 95 and 99 % of all were done. */
export function percentilesOf(name: string, times: readonly number[]): Figures {
  const sorted = times.toSorted((a, b) => a - b);
  const within = (percent: number): number => sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? Number.NaN;
  return Object.fromEntries(percents.map((percent) => [`${name} p${percent} ms`, within(percent)]));
}
