import { checkOutcome } from './check-outcome.ts';
import { inputAt } from './generate/input-at.ts';
import type { FuzzInput } from './input.ts';
import type { Names } from './names.ts';
import type { Sender } from './wire/send.ts';

/** How often each thing was seen. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(what: string, count = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + count);
  }

  /** By name. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].toSorted(([a], [b]) => a.localeCompare(b)));
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }
}

/** An input by its number, and what was wrong with its outcome. */
export interface Finding {
  readonly n: number;
  readonly input: FuzzInput;
  readonly what: string;
}

/** The outcome of some inputs. */
export interface BatchResult {
  readonly findings: readonly Finding[];
  /** Those that got no response, then the others, those without a connection left out: what may have ended the process. */
  readonly suspects: readonly number[];
}

/** What a batch needs. */
export interface BatchOptions {
  readonly seed: string;
  readonly from: number;
  readonly count: number;
  /** Connections at a time. */
  readonly workers: number;
  readonly names: Names;
  readonly sender: Sender;
  readonly inputs: Tally;
  readonly responses: Tally;
}

/** Sends inputs `from` to `from + count - 1`, some at a time, and checks the responses. */
export async function runBatch(options: BatchOptions): Promise<BatchResult> {
  const { seed, from, count, workers, names, sender, inputs, responses } = options;
  const findings: Finding[] = [];
  const silent: number[] = [];
  const responded: number[] = [];
  let next = from;
  const work = async (): Promise<void> => {
    while (next < from + count) {
      const n = next++;
      const input = inputAt(seed, n, names);
      const outcome = await sender.send(input);
      const { classes, violations } = checkOutcome(input, outcome);
      inputs.add(input.kind);
      for (const name of classes) responses.add(name);
      for (const what of violations) findings.push({ n, input, what });
      if (!outcome.rejected) (classes.some((name) => name.endsWith('xx')) ? responded : silent).push(n);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return { findings, suspects: [...silent.toReversed(), ...responded.toReversed()] };
}
