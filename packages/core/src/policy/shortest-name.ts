import { type Chunk, type Item, parseGlob } from './glob-syntax.ts';

/**
 * Where a repository name stands (distribution-spec, "Pulling manifests"): at a place that takes a letter or digit only,
 * after one, after one underscore, after hyphens. A name may end after a letter or digit.
 */
const states = ['start', 'word', 'underscore', 'hyphen'] as const;
type State = (typeof states)[number];

/** Characters that the grammar of names does not tell apart, each by its members. */
const kinds = {
  alphanumeric: 'abcdefghijklmnopqrstuvwxyz0123456789',
  dot: '.',
  underscore: '_',
  hyphen: '-',
  slash: '/',
} as const;
type Kind = keyof typeof kinds;

const moves: Readonly<Record<State, Readonly<Partial<Record<Kind, State>>>>> = {
  start: { alphanumeric: 'word' },
  word: { alphanumeric: 'word', dot: 'start', underscore: 'underscore', hyphen: 'hyphen', slash: 'start' },
  underscore: { alphanumeric: 'word', underscore: 'start' },
  hyphen: { alphanumeric: 'word', hyphen: 'hyphen' },
};

/** The fewest characters with which each state is reached; infinite where it is not. */
type Lengths = Readonly<Record<State, number>>;

const nowhere: Lengths = { start: Infinity, word: Infinity, underscore: Infinity, hyphen: Infinity };
const kindNames = Object.keys(kinds) as Kind[];
const starKinds = kindNames.filter((kind) => kind !== 'slash');

/**
 * The length of the shortest repository name that the pattern matches, `Infinity` when it matches none: the pattern and
 * the grammar of names are walked side by side, once, in time proportional to the pattern. Throws `PARAMETER_INVALID` for a
 * malformed pattern. Where a class takes a `/`, a name may be found that the first fit of Go's matcher misses.
 */
export function shortestName(pattern: string): number {
  const end = parseGlob(pattern).reduce(throughChunk, { ...nowhere, start: 0 });
  return end.word;
}

function throughChunk(lengths: Lengths, { star, items }: Chunk): Lengths {
  const begun = star ? throughStar(lengths) : lengths;
  return items.reduce((reached, item) => step(reached, kindsOf(item)), begun);
}

/** Any characters but slashes: no state is further from another one than there are states. */
function throughStar(lengths: Lengths): Lengths {
  return states.reduce((reached) => shorter(reached, step(reached, starKinds)), lengths);
}

/** One character of these kinds. */
function step(lengths: Lengths, accepted: readonly Kind[]): Lengths {
  const next = { ...nowhere };
  for (const from of states) {
    for (const kind of accepted) {
      const to = moves[from][kind];
      if (to !== undefined) next[to] = Math.min(next[to], lengths[from] + 1);
    }
  }
  return next;
}

function shorter(a: Lengths, b: Lengths): Lengths {
  const pairs = states.map((state) => [state, Math.min(a[state], b[state])]);
  return Object.fromEntries(pairs) as Record<State, number>;
}

function kindsOf(item: Item): readonly Kind[] {
  return kindNames.filter((kind) => Array.from(kinds[kind]).some((character) => item(character.charCodeAt(0))));
}
