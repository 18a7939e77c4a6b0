import type { Mutant } from './report.ts';

/** What a mutant is, wherever it stands. */
type Change = Pick<Mutant, 'mutator' | 'original' | 'replacement'>;

/** A mutant in two states of the code. */
export interface Pair<After extends Mutant = Mutant> {
  readonly before: Mutant;
  readonly after: After;
}

/** What was found again, and what was not. */
export interface Matches<After extends Mutant = Mutant> {
  readonly pairs: readonly Pair<After>[];
  readonly gone: readonly Mutant[];
}

/** Changes that have this share of their words in common are in the same code, rewritten. */
const similarEnough = 0.6;
/** With fewer words anything is similar. */
const fewWords = 8;

/**
 * Finds mutants again after files moved and words changed: by file, mutator, original text and replacement, then without
 * what stands in quotes, then in any file, then by the words that they share. Equal ones are matched in their order.
 */
export function matchMutants<After extends Mutant>(before: readonly Mutant[], after: readonly After[]): Matches<After> {
  const moved = movedFiles(before, after);
  const place = ({ file }: Mutant): string => moved.get(file) ?? file;
  const rest = { before: [...before], after: [...after] };
  const keys = [
    (one: Mutant) => place(one) + exactly(one),
    (one: Mutant) => place(one) + unquoted(one),
    exactly,
  ] as const;
  return {
    pairs: [...keys.flatMap((keyOf) => pairByKey(rest, keyOf)), ...pairBySimilarity(rest, place)],
    gone: rest.before,
  };
}

interface Rest<After> {
  before: Mutant[];
  after: After[];
}

function pairByKey<After extends Mutant>(rest: Rest<After>, keyOf: (mutant: Mutant) => string): readonly Pair<After>[] {
  return pairUp(rest, keyOf, () => 0);
}

function pairBySimilarity<After extends Mutant>(
  rest: Rest<After>,
  place: (mutant: Mutant) => string,
): readonly Pair<After>[] {
  return pairUp(rest, (one) => place(one) + one.mutator, mostSimilar);
}

/** Pairs what has the same key with the candidate that is chosen by its index; none for one below 0. */
function pairUp<After extends Mutant>(
  rest: Rest<After>,
  keyOf: (mutant: Mutant) => string,
  choose: (before: Mutant, candidates: readonly Mutant[]) => number,
): readonly Pair<After>[] {
  const waiting = Map.groupBy(rest.after, keyOf);
  const pairs: Pair<After>[] = [];
  rest.before = rest.before.filter((before) => {
    const candidates = waiting.get(keyOf(before)) ?? [];
    const index = candidates.length === 0 ? -1 : choose(before, candidates);
    if (index < 0) return true;
    pairs.push(...candidates.splice(index, 1).map((after) => ({ before, after })));
    return false;
  });
  rest.after = [...waiting.values()].flat();
  return pairs;
}

function mostSimilar(before: Mutant, candidates: readonly Mutant[]): number {
  const words = wordsOf(before);
  if (words.size <= fewWords) return -1;
  const scores = candidates.map((one) => shared(words, wordsOf(one)));
  const best = Math.max(...scores);
  return best < similarEnough ? -1 : scores.indexOf(best);
}

/** Where most of a file went that is no longer there. */
function movedFiles(before: readonly Mutant[], after: readonly Mutant[]): ReadonlyMap<string, string> {
  const present = new Set(after.map(({ file }) => file));
  const places = Map.groupBy(after, exactly);
  const absent = Map.groupBy(before, ({ file }) => file);
  return new Map(
    [...absent].flatMap(([file, mutants]) => {
      if (present.has(file)) return [];
      const found = mutants.flatMap((one) => places.get(exactly(one)) ?? []);
      const counts = [...Map.groupBy(found, (one) => one.file)].toSorted((a, b) => b[1].length - a[1].length);
      return counts.slice(0, 1).map(([place]) => [file, place] as const);
    }),
  );
}

function exactly({ mutator, original, replacement }: Change): string {
  return JSON.stringify([mutator, original, replacement].map((text) => text.replaceAll(/\s+/g, ' ')));
}

function unquoted({ mutator, original, replacement }: Change): string {
  const withoutQuotes = (text: string): string => text.replaceAll(/'[^']*'|`[^`]*`|"[^"]*"/g, '""');
  return exactly({ mutator, original: withoutQuotes(original), replacement: withoutQuotes(replacement) });
}

function wordsOf({ original, replacement }: Change): ReadonlySet<string> {
  return new Set(`${original} => ${replacement}`.match(/\w+|[^\w\s]+/g));
}

/** Dice's coefficient. */
function shared(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  const common = [...left].filter((word) => right.has(word));
  return (2 * common.length) / (left.size + right.size);
}
