import { renderColumn, renderField } from './cell.ts';
import type { Field, FieldDescription } from './field.ts';
import { printable, toJson } from './format.ts';

/** A part of a fact: text, or a number of bytes. */
export type Part = string | { readonly bytes: number };

/** A label and its value, in one part or several. */
export type Fact = readonly [name: string, ...parts: readonly Part[]];

/** Formats items as lines. */
export interface Layout {
  /** A page of a list; the first one may have a heading. */
  list<T extends object>(fields: readonly Field<T>[], page: readonly T[], isFirst: boolean): string[];
  /** What stands for a list without items, if that is not nothing. */
  readonly none?: string;
  /** One item, with facts that only text output shows. */
  item<T extends object>(fields: readonly Field<T>[], item: T, more: readonly Fact[]): string[];
}

/** One object a line, with exactly the selected fields; what has no value is null. */
export function jsonLayout(selected: readonly FieldDescription[]): Layout {
  const line = (item: object): string => {
    const record = item as Readonly<Record<string, unknown>>;
    return toJson(Object.fromEntries(selected.map(({ name }) => [name, record[name]])));
  };
  return { list: (_fields, page) => page.map(line), item: (_fields, item) => [line(item)] };
}

/** For programs: tab-separated, no heading, nothing cut; an item is one field a line. `wide` adds columns. */
export const plainLayout = ({ wide = false } = {}): Layout => ({
  list(fields, page) {
    const columns = fields.filter((field) => field.column !== undefined && (wide || field.wide !== true));
    return page.map((item) => columns.map((field) => renderColumn(field, item, 'plain', 0)).join('\t'));
  },
  item(fields, item, more) {
    const own = fields.filter(({ kind }) => kind !== 'object');
    const facts = own.map((field) => [field.name, renderField(field, item, 'plain', 0)] as const);
    return [...facts, ...more].map((fact) => fact.map((part) => printable(plainPart(part))).join('\t'));
  },
});

/** The names of items, one a line, as other commands take them. */
export const nameLayout: Layout = {
  list: (fields, page) => page.map((item) => nameOf(fields, item)),
  item: (fields, item) => [nameOf(fields, item)],
};

function nameOf<T extends object>(fields: readonly Field<T>[], item: T): string {
  return printable(fields.find(({ reference }) => reference !== undefined)?.reference?.(item) ?? '');
}

function plainPart(part: Part): string {
  return typeof part === 'string' ? part : String(part.bytes);
}
