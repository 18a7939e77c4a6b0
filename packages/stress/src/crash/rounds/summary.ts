import { sorted, type World } from '../../actor/world.ts';

/** A round that went wrong. */
export interface Failure {
  readonly round: number;
  readonly violations: readonly string[];
}

/** What happened in all rounds. */
export class Summary {
  readonly failures: Failure[] = [];
  /** What happened how often; all worlds count here. */
  readonly counts = new Map<string, number>();
  rounds = 0;

  /** Takes over what went wrong by the end of a round; whether something did. */
  take(round: number, { violations }: World): boolean {
    if (violations.length > 0) this.failures.push({ round, violations: violations.splice(0) });
    return this.failures.at(-1)?.round === round;
  }

  /** As plain data. */
  report(): Readonly<Record<string, number>> {
    return { rounds: this.rounds, ...sorted(this.counts), failures: this.failures.length };
  }
}
