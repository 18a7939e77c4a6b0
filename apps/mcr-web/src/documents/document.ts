/** What a page shows of something that a tool attached to an image. */
export interface Document {
  /** What it is, such as `SPDX 2.3`. */
  readonly title: string;
  readonly facts: readonly (readonly [name: string, text: string])[];
  /** A sentence about what it means, or does not. */
  readonly note?: string;
  readonly table?: DocumentTable;
  /** Versions by name of what an image consists of. */
  readonly packages?: ReadonlyMap<string, string>;
}

/** The first rows of a list. */
export interface DocumentTable {
  readonly title: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Number of all rows. */
  readonly total: number;
}

/** Longer tables are not read by people; the file has all of it. */
export const maxRows = 300;
/** Texts of cells and facts. */
const maxText = 300;

/** A text that fits a cell; empty for what is no text or number. */
export function textOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return '';
  return value.length <= maxText ? value : `${value.slice(0, maxText).toWellFormed()}…`;
}

/** Facts that have a text. */
export function known(facts: readonly (readonly [name: string, text: string])[]): Document['facts'] {
  return facts.filter(([, text]) => text !== '');
}
