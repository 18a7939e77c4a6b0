import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { looksLike } from './match.ts';
import { type Location, mutantsOf, type Report, textAt } from './report.ts';

/** A mutant as StrykerJS passes it to a checker; lines and columns begin at 0. */
export interface CheckedMutant {
  readonly id: string;
  readonly fileName: string;
  readonly mutatorName: string;
  readonly replacement: string;
  readonly location: Location;
}

/** Which mutants the tests get to see. */
export interface Sample {
  /** Of all mutants, above 0 and at most 1. */
  readonly share: number;
  /** Chooses others. */
  readonly seed: string;
  /** A report of another state of the code, whose mutants are in the sample as well. */
  readonly like?: Report | undefined;
}

/**
 * Passes a sample of all mutants on to the tests. A mutant is in it by a hash of what it is, and not of where it stands: a
 * larger share holds the smaller one, and code that moved keeps its mutants.
 */
export class SampleChecker {
  readonly #sample: Sample;
  readonly #like: ReturnType<typeof looksLike>;

  constructor(sample: Sample) {
    this.#sample = sample;
    this.#like = looksLike(sample.like === undefined ? [] : mutantsOf(sample.like));
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  check(mutants: readonly CheckedMutant[]): Promise<Record<string, { status: string; reason?: string }>> {
    const outside = { status: 'compileError', reason: 'not in the sample' };
    return Promise.resolve(
      Object.fromEntries(mutants.map((one) => [one.id, this.#holds(one) ? { status: 'passed' } : outside])),
    );
  }

  #holds({ fileName, mutatorName: mutator, replacement, location }: CheckedMutant): boolean {
    const original = textAt(readFileSync(fileName, 'utf8'), location, 0);
    const { share, seed } = this.#sample;
    return (
      rank([seed, mutator, original.replaceAll(/\s+/g, ' '), replacement]) < share ||
      this.#like({ mutator, original, replacement })
    );
  }
}

/** From 0 to below 1, evenly. */
function rank(identity: readonly string[]): number {
  return createHash('sha256').update(JSON.stringify(identity)).digest().readUInt32BE() / 2 ** 32;
}
