import { matchMutants, type Pair } from './match.ts';
import { isAlive, isKilled, type Mutant, mutantsOf, type Report } from './report.ts';

/** What became of the mutants of one state of the code in another one. */
export interface Comparison {
  /** Killed before, alive after: a test that noticed them is gone, or notices less. */
  readonly lost: readonly Pair[];
  readonly text: string;
}

/** Compares two reports of one subject, in text that lists each loss, and each mutant that was not found again. */
export function compareReports(before: Report, after: Report): Comparison {
  const [old, now] = [mutantsOf(before), mutantsOf(after)];
  const { pairs, gone } = matchMutants(old, now);
  const lost = pairs.filter((pair) => isKilled(pair.before) && isAlive(pair.after));
  const found = pairs.filter((pair) => isAlive(pair.before) && isKilled(pair.after));
  const text = [
    `before: ${counts(old)}`,
    `after:  ${counts(now)}`,
    `${pairs.length} of ${old.length} mutants were found again`,
    `${found.length} survived before and are killed after`,
    `${lost.length} were killed before and survive after`,
    ...lost.map(
      ({ before: { killedBy }, after: mutant }) => `${shown(mutant)}\n    was killed by ${killedBy.join(', ')}`,
    ),
    `${gone.filter(isKilled).length} were killed before and not found again`,
    ...gone.filter(isKilled).map(shown),
  ].join('\n');
  return { lost, text };
}

function counts(mutants: readonly Mutant[]): string {
  const byStatus = Map.groupBy(mutants, ({ status }) => status);
  const parts = [...byStatus].map(([status, { length }]) => `${length} ${status}`).toSorted();
  return `${mutants.length} mutants: ${parts.join(', ')}`;
}

function shown({ file, line, mutator, original, replacement }: Mutant): string {
  return `  ${file}:${line} ${mutator}: ${short(original)} => ${short(replacement)}`;
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
