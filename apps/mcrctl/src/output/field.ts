/** How a value is formatted. */
export type Kind = 'text' | 'number' | 'size' | 'time' | 'digest' | 'list' | 'flag' | 'object';

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
}
