import type { Contender } from './peers/peer.ts';
import type { Scale } from './scale.ts';
import type { Figures, Group, Workload } from './workload.ts';

/** What the rounds of one workload gave for one metric of one contender, in order. */
export interface Series {
  readonly group: string;
  readonly workload: string;
  readonly metric: string;
  readonly contender: string;
  readonly rounds: readonly number[];
}

/** How to measure. */
export interface MeasureOptions {
  readonly scale: Scale;
  readonly rounds: number;
  /** Is told what was found, and what went wrong. */
  readonly onLine: (line: string) => void;
}

/** Everything that was found, and what could not be measured. */
export interface Findings {
  readonly series: readonly Series[];
  readonly failures: readonly string[];
}

/** Measures every workload of every group, the contenders taking turns, each started anew in each round. */
export async function measureAll(groups: readonly Group[], options: MeasureOptions): Promise<Findings> {
  const notes = new Notes(options.onLine);
  for (const group of groups) {
    const all = group.responder === undefined ? group.contenders : [...group.contenders, group.responder];
    try {
      for (let round = 0; round < options.rounds; round += 1) {
        for (const contender of round % 2 === 0 ? all : all.toReversed()) {
          await measureTurn(group, contender, options.scale, notes);
        }
      }
    } finally {
      await group.dispose?.();
    }
  }
  return notes;
}

async function measureTurn(group: Group, contender: Contender, scale: Scale, notes: Notes): Promise<void> {
  const workloads = group.workloads.filter(({ isStatic }) => contender !== group.responder || isStatic);
  if (workloads.length === 0) return;
  try {
    await using peer = await contender.start();
    await group.warmUp?.measure(peer, scale);
    for (const workload of workloads) {
      try {
        notes.add(group, workload, contender, await workload.measure(peer, scale));
      } catch (error) {
        notes.fail(`${workload.name}: ${contender.name}`, error);
      }
    }
  } catch (error) {
    notes.fail(`${group.name}: ${contender.name}`, error);
  }
}

/** What was found so far. */
class Notes implements Findings {
  readonly failures: string[] = [];
  readonly #series = new Map<string, Series & { readonly rounds: number[] }>();
  readonly #onLine: (line: string) => void;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  get series(): readonly Series[] {
    return [...this.#series.values()];
  }

  add(group: Group, workload: Workload, contender: Contender, figures: Figures): void {
    const told: string[] = [];
    for (const [metric, value] of Object.entries(figures)) {
      const known = { group: group.name, workload: workload.name, metric, contender: contender.name };
      const key = JSON.stringify(Object.values(known));
      const series = this.#series.get(key) ?? { ...known, rounds: [] };
      series.rounds.push(value);
      this.#series.set(key, series);
      told.push(`${value.toPrecision(4)} ${metric}`);
    }
    this.#onLine(`${workload.name}: ${contender.name}: ${told.join(', ')}`);
  }

  fail(what: string, error: unknown): void {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\r\n');
    const failure = `${what}: ${reason}`;
    this.failures.push(failure);
    this.#onLine(`FAILED ${failure}`);
  }
}
