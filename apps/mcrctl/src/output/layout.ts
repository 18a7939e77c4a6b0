import type { Field } from './field.ts';

/** A part of a fact: text, or a number of bytes. */
export type Part = string | { readonly bytes: number };

/** A name and what is so about it, in one part or several. */
export type Fact = readonly [name: string, ...parts: readonly Part[]];

/** How items become lines. */
export interface Layout {
  /** A page of a list; the first one may have a heading. */
  list<T extends object>(fields: readonly Field<T>[], page: readonly T[], isFirst: boolean): string[];
  /** One item, and facts that only text shows. */
  item<T extends object>(fields: readonly Field<T>[], item: T, more: readonly Fact[]): string[];
}
