import type { Contender } from './peers/peer.ts';
import type { Figures, Group, Workload } from './workload.ts';

/** What the rounds of one workload gave for one metric of one contender; null for a round that failed. */
export interface Series {
  readonly group: string;
  readonly workload: string;
  readonly metric: string;
  readonly contender: string;
  readonly rounds: readonly (number | null)[];
}

/** Everything that was found, and what could not be measured. */
export interface Findings {
  readonly series: readonly Series[];
  readonly failures: readonly string[];
}

/** Findings so far; each line is reported as it is added. */
export class Notes implements Findings {
  readonly failures: string[] = [];
  readonly #series = new Map<string, Series & { readonly rounds: (number | null)[] }>();
  readonly #onLine: (line: string) => void;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  get series(): readonly Series[] {
    return [...this.#series.values()];
  }

  /** Notes what a round, from 0, gave. */
  add(group: Group, workload: Workload, contender: Contender, round: number, figures: Figures): void {
    const told: string[] = [];
    for (const [metric, value] of Object.entries(figures)) {
      const known = { group: group.name, workload: workload.name, metric, contender: contender.name };
      const key = JSON.stringify(Object.values(known));
      const series = this.#series.get(key) ?? { ...known, rounds: [] };
      while (series.rounds.length < round) series.rounds.push(null);
      series.rounds.push(value);
      this.#series.set(key, series);
      told.push(`${value.toPrecision(4)} ${metric}`);
    }
    this.#onLine(`${workload.name}: ${contender.name}: ${told.join(', ')}`);
  }

  /** Notes what went wrong. */
  fail(what: string, error: unknown): void {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\r\n');
    const failure = `${what}: ${reason}`;
    this.failures.push(failure);
    this.#onLine(`FAILED ${failure}`);
  }
}
