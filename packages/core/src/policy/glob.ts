import { type Chunk, type Item, parseGlob, slash } from './glob-syntax.ts';
import { deepSegment, forCaller, segmentsOf } from './segments.ts';

/** Whether the whole text matches, for a caller of this name; without a name, `{username}` matches nothing. */
export type Glob = (text: string, username?: string) => boolean;

/**
 * Compiles a pattern of Go's `path.Match`: `*` and `?` do not match `/`; `[a-z]`, `[^a-z]`, and `\` for a literal
 * character. Two things are ours: the segment `**` stands for any number of segments, at the end for at least one, and
 * `{username}` for the caller's name. Matching takes time proportional to pattern times text. Throws `PARAMETER_INVALID`.
 */
export function compileGlob(pattern: string): Glob {
  const patternFor = forCaller(pattern);
  if (patternFor(undefined) === pattern) return compile(pattern);
  // Any name will do to see whether it is well-formed.
  let last: { username?: string | undefined; matches: Glob } = {
    username: 'a',
    matches: compile(patternFor('a') ?? ''),
  };
  return (text, username) => {
    // Lists ask about many repositories for one caller.
    if (last.username !== username) {
      const own = patternFor(username);
      last = { username, matches: own === undefined ? () => false : compile(own) };
    }
    return last.matches(text);
  };
}

/** The units of characters that take two begin here; all below are characters. */
const firstSurrogate = 0xd800;

function compile(pattern: string): (text: string) => boolean {
  const segments = segmentsOf(pattern);
  return segments.includes(deepSegment) ? compileDeep(segments) : compileFlat(pattern);
}

function compileFlat(pattern: string): (text: string) => boolean {
  const chunks = parseGlob(pattern);
  return (text) => matchChunks(chunks, codePointsOf(text));
}

/** Names of repositories have one unit for each character; a string's iterator takes more time than all else of a match. */
function codePointsOf(text: string): readonly number[] {
  const units: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit >= firstSurrogate) return Array.from(text, (character) => character.codePointAt(0) ?? 0);
    units.push(unit);
  }
  return units;
}

type Segment = (text: string) => boolean;

/** Groups of segments, with `**` between them: the first stands at the start, the last at the end. */
function compileDeep(segments: readonly string[]): (text: string) => boolean {
  const groups: Segment[][] = [[]];
  for (const segment of segments) {
    if (segment === deepSegment) groups.push([]);
    else groups.at(-1)?.push(compileFlat(segment));
  }
  const [first = [], ...rest] = groups;
  const last = rest.pop() ?? [];
  // What ends with `**` is about what lies below, not about the place itself.
  const least = last.length === 0 ? 1 : last.length;
  return (text) => {
    const names = text.split('/');
    const end = names.length - least;
    if (!fitsAt(first, names, 0) || !fitsAt(last, names, names.length - last.length)) return false;
    let position = first.length;
    // The first place is as good as any: what is left over, the next `**` takes.
    for (const group of rest) {
      while (position + group.length <= end && !fitsAt(group, names, position)) position += 1;
      position += group.length;
    }
    return position <= end;
  };
}

function fitsAt(group: readonly Segment[], names: readonly string[], at: number): boolean {
  return group.every((matches, index) => {
    const name = names[at + index];
    return name !== undefined && matches(name);
  });
}

/**
 * As in Go, a chunk stays at its first match, so there is no backtracking. Only a class that matches `/` could make a
 * later position matter, and then, too, the result is Go's.
 */
function matchChunks(chunks: readonly Chunk[], text: readonly number[]): boolean {
  let position = 0;
  for (const [index, chunk] of chunks.entries()) {
    const end = placeChunk(chunk, text, position, index === chunks.length - 1);
    if (end === undefined) return false;
    position = end;
  }
  return true;
}

/** Position after the first match of the chunk; the last chunk must match up to the end. */
function placeChunk(chunk: Chunk, text: readonly number[], from: number, isLast: boolean): number | undefined {
  for (let start = from; start + chunk.items.length <= text.length; start++) {
    const end = start + chunk.items.length;
    if ((!isLast || end === text.length) && fits(chunk.items, text, start)) return end;
    if (!chunk.star || text[start] === slash) return undefined;
  }
  return undefined;
}

function fits(items: readonly Item[], text: readonly number[], start: number): boolean {
  return items.every((item, index) => {
    const character = text[start + index];
    return character !== undefined && item(character);
  });
}
