import { renderColumn, renderField } from './cell.ts';
import type { Paint } from './color.ts';
import { chooseColumns, isWhole } from './columns.ts';
import type { Field, FieldDescription, Tone } from './field.ts';
import { formatSize, printable } from './format.ts';
import type { Layout, Part } from './layout.ts';
import { naturalWidths, renderTable } from './table.ts';

/** Settings of the layout for users. */
export interface HumanOptions {
  /** Width of the terminal in characters. */
  readonly columns: number;
  /** Whether to print all columns, and nothing truncated, however wide the terminal is. */
  readonly wide?: boolean;
  readonly paint: Paint;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The layout for users: aligned tables that fit the terminal, formatted sizes and times. It is for one list, whose
 * columns are chosen by its first page, and never become narrower.
 */
export function humanLayout({ columns: terminal, wide = false, paint, now }: HumanOptions): Layout {
  let widths: readonly number[] = [];
  let chosen: ReadonlySet<string> | undefined;
  const width = wide ? Number.POSITIVE_INFINITY : terminal;
  const short = <T extends object>(field: Field<T>, item: T): string => renderColumn(field, item, 'short', now);
  return {
    list(fields, page, isFirst) {
      const table = fields.map((field) => [field.column ?? '', ...page.map((item) => short(field, item))]);
      chosen ??= chooseColumns(fields, table, { width, wide });
      const columns = fields.filter(({ name }) => chosen?.has(name));
      const header = isFirst ? [columns.map(({ column }) => column ?? '')] : [];
      const rows = page.map((item) => columns.map((field) => short(field, item)));
      widths = naturalWidths([...header, ...rows], widths);
      const whole = new Set(columns.flatMap((field, index) => (isWhole(field) ? [index] : [])));
      return renderTable([...header, ...rows], { natural: widths, whole, columns: width }, (text, row, column) =>
        paint(row < header.length ? 'bold' : toneOf(columns[column], text), text),
      );
    },
    item(fields, item, more) {
      const own = fields.filter(({ kind }) => kind !== 'object');
      const facts = own.map((field) => {
        const tone = toneOf(field, short(field, item));
        return [field.name, paint(tone, renderField(field, item, 'whole', now))] as const;
      });
      const lines = [
        ...facts,
        ...more.map(([name, ...parts]) => [printable(name), parts.map(humanPart).join('  ')] as const),
      ];
      const widest = Math.max(...lines.map(([name]) => name.length)) + 2;
      return lines.map(([name, value]) => name.replaceAll('_', ' ').padEnd(widest) + value);
    },
  };
}

function humanPart(part: Part): string {
  return typeof part === 'string' ? printable(part) : formatSize(part.bytes);
}

/** The text comes from the server, and may be the name of an inherited property. */
function toneOf(field: FieldDescription | undefined, text: string): Tone | undefined {
  const { tones = {} } = field ?? {};
  return Object.hasOwn(tones, text) ? tones[text] : undefined;
}
