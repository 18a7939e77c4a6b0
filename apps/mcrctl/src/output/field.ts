/** How a value is formatted. */
export type Kind = 'text' | 'number' | 'size' | 'time' | 'instant' | 'digest' | 'list' | 'flag' | 'object';

/** A color that shows whether a value is good. */
export type Tone = 'green' | 'yellow' | 'red';

/** One field of a command's output. */
export interface FieldDescription {
  /** Its name in JSON. */
  readonly name: string;
  /** Its description for the documentation; no trailing period. */
  readonly describe: string;
  /** Default: `text`. An `object` is only shown in JSON. */
  readonly kind?: Kind;
  /** Heading of its column; a field without one is not in tables. */
  readonly column?: string;
  /** Its column is not truncated before all others are. Numbers, sizes, times, digests and flags never are before that. */
  readonly whole?: true;
  /** Its column is left out of a terminal that is too narrow; those that come first are left out first. */
  readonly spare?: true;
  /** Its column is only there with `-o wide`. */
  readonly wide?: true;
  /** Text for a missing value or an empty list (default: `-`). */
  readonly none?: string;
  /** Colors by value. */
  readonly tones?: Readonly<Record<string, Tone>>;
}

/** One field of a `T`. */
export interface Field<T> extends FieldDescription {
  readonly name: keyof T & string;
  /** The value in a table, if it differs from the field. */
  readonly text?: (item: T) => string;
  /** A shorter form of the value in a table for users. */
  readonly brief?: (item: T) => string;
  /** What names the item in other commands, which `-o name` prints; one field of those of a command has it. */
  readonly reference?: (item: T) => string;
}
