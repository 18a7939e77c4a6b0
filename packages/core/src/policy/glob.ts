import { type Chunk, type Item, parseGlob, slash } from './glob-syntax.ts';

/** Returns whether the whole text matches. */
export type Glob = (text: string) => boolean;

/**
 * Compiles a pattern of Go's `path.Match`: `*` and `?` do not match `/`; `[a-z]`, `[^a-z]`, and `\` for a literal
 * character. Matching takes time proportional to pattern times text. Throws `PARAMETER_INVALID`.
 */
export function compileGlob(pattern: string): Glob {
  const chunks = parseGlob(pattern);
  return (text) =>
    matchChunks(
      chunks,
      Array.from(text, (character) => character.codePointAt(0) ?? 0),
    );
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
