import { RegistryError } from '../errors.ts';

/** Maximum characters of a pattern: more than twice the longest repository name; it bounds the work of a match. */
export const maxGlobLength = 512;

/** The code point that neither `*` nor `?` matches. */
export const slash = 0x2f;

/** Matches one code point: a given one, any but `/`, or a class. */
export type Item = (codePoint: number) => boolean;

/** Consecutive items; with `star`, preceded by any characters but `/`. */
export interface Chunk {
  readonly star: boolean;
  readonly items: readonly Item[];
}

/** Parses a pattern to chunks, of which only the first has no star. Throws `PARAMETER_INVALID`. */
export function parseGlob(pattern: string): readonly Chunk[] {
  if (pattern.length > maxGlobLength) {
    throw invalidGlob(pattern, `The pattern must be at most ${maxGlobLength} characters`);
  }
  const reader = new Reader(pattern);
  let items: Item[] = [];
  const chunks: Chunk[] = [{ star: false, items }];
  while (!reader.done) {
    if (reader.skip('*')) {
      items = [];
      chunks.push({ star: true, items });
    } else {
      items.push(reader.item());
    }
  }
  return chunks;
}

/** Reads a pattern from left to right, by code points. */
class Reader {
  readonly #pattern: string;
  readonly #characters: readonly string[];
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
    this.#characters = Array.from(pattern);
  }

  get done(): boolean {
    return this.#at === this.#characters.length;
  }

  /** Consumes `character` if it is next. */
  skip(character: string): boolean {
    if (this.#characters[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  item(): Item {
    if (this.skip('?')) return (codePoint) => codePoint !== slash;
    if (this.skip('[')) return this.#class();
    const expected = this.#literal();
    return (codePoint) => codePoint === expected;
  }

  #class(): Item {
    const negated = this.skip('^');
    const ranges: (readonly [low: number, high: number])[] = [];
    do {
      const low = this.#bound();
      ranges.push([low, this.skip('-') ? this.#bound() : low]);
    } while (!this.skip(']'));
    return (codePoint) => ranges.some(([low, high]) => low <= codePoint && codePoint <= high) !== negated;
  }

  #bound(): number {
    if (this.skip('-') || this.skip(']')) throw this.#malformed();
    return this.#literal();
  }

  #literal(): number {
    this.skip('\\');
    const codePoint = this.#characters[this.#at++]?.codePointAt(0);
    if (codePoint === undefined) throw this.#malformed();
    return codePoint;
  }

  #malformed(): RegistryError {
    const quoted = JSON.stringify(this.#pattern);
    return invalidGlob(this.#pattern, `The pattern ${quoted} is malformed: check its '[', ']', '-' and '\\'`);
  }
}

function invalidGlob(pattern: string, message: string): RegistryError {
  return new RegistryError('PARAMETER_INVALID', message, { detail: { pattern: pattern.slice(0, maxGlobLength) } });
}
