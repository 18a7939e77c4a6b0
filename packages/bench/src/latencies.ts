import type { Figures } from './workload.ts';

/** Milliseconds that each of many actions took. */
export class Latencies {
  readonly #times: number[] = [];

  /** Measures one action. */
  async time(action: () => Promise<unknown>): Promise<void> {
    const begun = performance.now();
    await action();
    this.#times.push(performance.now() - begun);
  }

  /** The times that 50, 95 and 99 % of the actions kept. */
  figures(name: string): Figures {
    const sorted = this.#times.toSorted((a, b) => a - b);
    const percentile = (percent: number): number =>
      sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? Number.NaN;
    return Object.fromEntries([50, 95, 99].map((percent) => [`${name} p${percent} ms`, percentile(percent)]));
  }
}
