/** The source of a value; the first that has one takes precedence. */
export type Source = 'flag' | 'environment' | 'profile' | 'default';

/** A value and its source. */
export interface Setting {
  readonly value: string | undefined;
  readonly source: Source;
  /** The flag, the variable or the file; empty for a default. */
  readonly from: string;
}

/** A setting without a value. */
export const unset: Setting = { value: undefined, source: 'default', from: '' };
