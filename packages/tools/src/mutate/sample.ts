import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { matchMutants } from './match.ts';
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
  readonly #inside = new Set<string>();

  constructor(sample: Sample) {
    this.#sample = sample;
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  /** Is told all mutants before any is checked, and chooses. */
  group(mutants: readonly CheckedMutant[]): Promise<readonly (readonly string[])[]> {
    const { share, seed, like } = this.#sample;
    const all = mutants.map(mutantOf);
    const chosen = all.filter(
      (one) => rank([seed, one.mutator, one.original.replaceAll(/\s+/g, ' '), one.replacement]) < share,
    );
    const known = like === undefined ? [] : matchMutants(mutantsOf(like), all).pairs.map(({ after }) => after);
    for (const { id } of [...chosen, ...known]) this.#inside.add(id);
    return Promise.resolve(mutants.map(({ id }) => [id]));
  }

  check(mutants: readonly CheckedMutant[]): Promise<Record<string, { status: string; reason?: string }>> {
    const result = ({ id }: CheckedMutant) =>
      this.#inside.has(id) ? { status: 'passed' } : { status: 'compileError', reason: 'not in the sample' };
    return Promise.resolve(Object.fromEntries(mutants.map((one) => [one.id, result(one)])));
  }
}

function mutantOf({ id, fileName, mutatorName: mutator, replacement, location }: CheckedMutant) {
  const original = textAt(readFileSync(fileName, 'utf8'), location, 0);
  const file = relative(process.cwd(), fileName);
  return { id, file, line: location.start.line + 1, mutator, original, replacement, status: 'Pending', killedBy: [] };
}

/** From 0 to below 1, evenly. */
function rank(identity: readonly string[]): number {
  return createHash('sha256').update(JSON.stringify(identity)).digest().readUInt32BE() / 2 ** 32;
}
