import { isPathComponent } from '../repository-name.ts';

/** A segment of a pattern that stands for any number of segments of a name. */
export const deepSegment = '**';

/** Stands for the caller's name, literally. */
export const usernamePlaceholder = '{username}';

/** The segments of a pattern: what stands between slashes that are outside of classes. */
export function segmentsOf(pattern: string): readonly string[] {
  const segments: string[] = [];
  let segment = '';
  for (const token of tokensOf(pattern)) {
    if (token !== '/') {
      segment += token;
      continue;
    }
    segments.push(segment);
    segment = '';
  }
  return [...segments, segment];
}

/** A pattern with the caller's name in it, by that name; a pattern in which no name stands is the same for all. */
export type PatternOf = (username: string | undefined) => string | undefined;

/**
 * The pattern for a caller: `undefined`, which matches nothing, where the name is none, or is no component of a repository
 * name, such as one with an `@`. In a class, and after a `\`, the placeholder is just its characters.
 */
export function forCaller(pattern: string): PatternOf {
  const tokens = tokensOf(pattern);
  if (!tokens.includes(usernamePlaceholder)) return () => pattern;
  return (username) => {
    if (username === undefined || !isPathComponent(username)) return undefined;
    return tokens.map((token) => (token === usernamePlaceholder ? username : token)).join('');
  };
}

/** Whether two stars stand where they are no segment of their own, and so mean no more than one. */
export function hasStrayStars(pattern: string): boolean {
  return segmentsOf(pattern).some((segment) => {
    if (segment === deepSegment) return false;
    const tokens = tokensOf(segment);
    return tokens.some((token, at) => token === '*' && tokens[at + 1] === '*');
  });
}

/** What must not be looked into: a class, an escaped character, the placeholder; everything else is one character. */
const token = /\\.|\[(?:\\.|[^\]\\])*\]|\{username\}|./gsu;

function tokensOf(pattern: string): readonly string[] {
  return pattern.match(token) ?? [];
}
