import { type Chunk, type Item, parseGlob } from './glob-syntax.ts';
import { deepSegment, forCaller, segmentsOf } from './segments.ts';

/**
 * States of a repository name (distribution-spec, "Pulling manifests"): where only a letter or digit may follow, after
 * one, after one underscore, after hyphens. A name may end after a letter or digit.
 */
const states = ['start', 'word', 'underscore', 'hyphen'] as const;
type State = (typeof states)[number];

/** Classes of characters that the grammar of names does not distinguish, each with its members. */
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

/** Minimum number of characters to reach each state; infinite if it is unreachable. */
type Lengths = Readonly<Record<State, number>>;

const nowhere: Lengths = { start: Infinity, word: Infinity, underscore: Infinity, hyphen: Infinity };
const kindNames = Object.keys(kinds) as Kind[];
const starKinds = kindNames.filter((kind) => kind !== 'slash');

/**
 * Length of the shortest repository name that the pattern matches, `Infinity` if there is none: walks the pattern and
 * the grammar of names in parallel, once, in time proportional to the pattern. Throws `PARAMETER_INVALID` for a
 * malformed pattern. If a class contains `/`, it may find a name that the first match of Go's algorithm misses.
 */
export function shortestName(pattern: string): number {
  const end = parseGlob(shallow(forCaller(pattern)('a') ?? pattern)).reduce(throughChunk, { ...nowhere, start: 0 });
  return end.word;
}

/** The pattern with as few segments as it can match: `**` stands for none, and at the end for one character. */
function shallow(pattern: string): string {
  const segments = segmentsOf(pattern);
  if (!segments.includes(deepSegment)) return pattern;
  const kept = segments.filter((segment) => segment !== deepSegment);
  return [...kept, ...(segments.at(-1) === deepSegment ? ['?'] : [])].join('/');
}

function throughChunk(lengths: Lengths, { star, items }: Chunk): Lengths {
  const begun = star ? throughStar(lengths) : lengths;
  return items.reduce((reached, item) => step(reached, kindsOf(item)), begun);
}

/** Any characters but slashes: every state is reachable within as many steps as there are states. */
function throughStar(lengths: Lengths): Lengths {
  return states.reduce((reached) => shorter(reached, step(reached, starKinds)), lengths);
}

/** One character of these classes. */
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
