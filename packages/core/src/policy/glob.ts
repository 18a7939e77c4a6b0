import { RegistryError } from '../errors.ts';

/** Characters of a pattern: more than twice the longest repository name, and it bounds the work of a match. */
export const maxGlobLength = 512;

/** Tells whether a text matches as a whole. */
export type Glob = (text: string) => boolean;

/** Matches one character: a given one, anything but `/`, or a class. Characters are code points. */
type Item = (character: number) => boolean;

/** Items that follow each other, after a `*` if `star`. */
interface Chunk {
  readonly star: boolean;
  readonly items: Item[];
}

const slash = 0x2f;

/**
 * Compiles a pattern of Go's `path.Match`: `*` and `?` do not match `/`; `[a-z]`, `[^a-z]`, and `\` to take the next
 * character literally. Matching takes time proportional to pattern times text. Throws `PARAMETER_INVALID`.
 */
export function compileGlob(pattern: string): Glob {
  const chunks = parseChunks(pattern);
  return (text) => matchChunks(chunks, Array.from(text, codePoint));
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}

/**
 * As in Go, a chunk stays where it fits first. Only a class that matches `/` could make a later place matter, and there
 * the answer is Go's, too.
 */
function matchChunks(chunks: readonly Chunk[], text: readonly number[]): boolean {
  let position = 0;
  for (const [index, chunk] of chunks.entries()) {
    const end = placeChunk(chunk, text, position, index === chunks.length - 1);
    if (end === undefined) return false;
    position = end;
  }
  return position === text.length;
}

/** Where the text goes on after the first place that fits, which for the last chunk must reach the end. */
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

function parseChunks(pattern: string): readonly Chunk[] {
  if (pattern.length > maxGlobLength) {
    throw invalidGlob(pattern, `The pattern must be at most ${maxGlobLength} characters`);
  }
  const characters = Array.from(pattern);
  let chunk: Chunk = { star: false, items: [] };
  const chunks = [chunk];
  let at = 0;

  /** Takes the next character, which must be there. */
  function take(): string {
    const character = characters[at++];
    if (character === undefined) throw malformed(pattern);
    return character;
  }

  /** Takes one end of a range in a class. */
  function takeBound(): number {
    const character = take();
    if (character === '-' || character === ']') throw malformed(pattern);
    return codePoint(character === '\\' ? take() : character);
  }

  function takeClass(): Item {
    const negated = characters[at] === '^';
    if (negated) at++;
    const ranges: (readonly [low: number, high: number])[] = [];
    do {
      const low = takeBound();
      const isRange = characters[at] === '-';
      if (isRange) at++;
      ranges.push([low, isRange ? takeBound() : low]);
    } while (characters[at] !== ']');
    at++;
    return (character) => ranges.some(([low, high]) => low <= character && character <= high) !== negated;
  }

  while (at < characters.length) {
    const character = take();
    if (character === '*') {
      if (chunk.star && chunk.items.length === 0) continue;
      chunk = { star: true, items: [] };
      chunks.push(chunk);
    } else if (character === '?') chunk.items.push((other) => other !== slash);
    else if (character === '[') chunk.items.push(takeClass());
    else chunk.items.push(literal(character === '\\' ? take() : character));
  }
  return chunks;
}

function literal(character: string): Item {
  const expected = codePoint(character);
  return (other) => other === expected;
}

function malformed(pattern: string): RegistryError {
  return invalidGlob(pattern, `The pattern ${JSON.stringify(pattern)} is malformed: check its '[', ']', '-' and '\\'`);
}

function invalidGlob(pattern: string, message: string): RegistryError {
  return new RegistryError('PARAMETER_INVALID', message, { detail: { pattern: pattern.slice(0, maxGlobLength) } });
}
