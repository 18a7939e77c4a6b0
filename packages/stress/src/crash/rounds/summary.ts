import type { World } from '../../actor/world.ts';

/** A round that went wrong. */
export interface Failure {
  readonly round: number;
  readonly violations: readonly string[];
}

/** What happened in all rounds. */
export class Summary {
  readonly failures: Failure[] = [];
  rounds = 0;
  operations = 0;
  acknowledged = 0;
  readonly #kills = new Map<string, number>();
  readonly #counts = new Map<string, number>();

  /** Counts a kill by what it interrupted. */
  addKill(phases: readonly string[]): void {
    for (const phase of phases.length === 0 ? ['nothing'] : phases) {
      this.#kills.set(phase, (this.#kills.get(phase) ?? 0) + 1);
    }
  }

  /** Takes over what a round has counted; whether it went wrong. */
  closeRound(round: number, world: World): boolean {
    this.rounds += 1;
    return this.#take(round, world);
  }

  /** Takes over what the end of a series has counted. */
  closeSeries(lastRound: number, world: World): void {
    this.#take(lastRound, world);
  }

  #take(round: number, world: World): boolean {
    this.operations += world.operations;
    this.acknowledged += world.acknowledged;
    world.operations = 0;
    world.acknowledged = 0;
    for (const [what, n] of world.counts) this.#counts.set(what, (this.#counts.get(what) ?? 0) + n);
    world.counts.clear();
    if (world.violations.length === 0) return false;
    this.failures.push({ round, violations: world.violations.splice(0) });
    return true;
  }

  /** As plain data. */
  report(): Record<string, unknown> {
    return {
      rounds: this.rounds,
      operations: this.operations,
      acknowledged: this.acknowledged,
      'kills by what they interrupted': sorted(this.#kills),
      ...sorted(this.#counts),
      failures: this.failures.length,
    };
  }
}

function sorted(counters: ReadonlyMap<string, number>): Record<string, number> {
  const names = [...counters.keys()].sort();
  return Object.fromEntries(names.map((name) => [name, counters.get(name) ?? 0]));
}
