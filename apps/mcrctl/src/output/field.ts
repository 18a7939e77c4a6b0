/** How a value reads. */
export type Kind = 'text' | 'number' | 'size' | 'time' | 'digest' | 'list' | 'flag' | 'object';

/** A color that says whether a value is good. */
export type Tone = 'green' | 'yellow' | 'red';

/** One field of what a command prints. */
export interface FieldDescription {
  /** Its name in JSON. */
  readonly name: string;
  /** What it is, for the documentation; no trailing period. */
  readonly describe: string;
  /** `text` when absent. An `object` is for JSON only. */
  readonly kind?: Kind;
  /** Heading of its column; a field without one is in no table. */
  readonly column?: string;
  /** What people see when there is no value, or an empty list; `-` when absent. */
  readonly none?: string;
  /** Colors by value. */
  readonly tones?: Readonly<Record<string, Tone>>;
}

/** One field of a `T`. */
export interface Field<T> extends FieldDescription {
  readonly name: keyof T & string;
  /** The value in a table where it is not the field's own. */
  readonly text?: (item: T) => string;
}
