/** Between columns. */
export const gap = '  ';
/** Shorter values are meaningless. */
const leastWidth = 8;

/** Applied to a cell once it has its width. */
export type Paint = (text: string, row: number, column: number) => string;

/** The widths of the cells of each column, and those so far. */
export function naturalWidths(rows: readonly (readonly string[])[], before: readonly number[]): readonly number[] {
  const count = Math.max(before.length, ...rows.map((row) => row.length));
  return Array.from({ length: count }, (_, index) =>
    Math.max(before[index] ?? 0, ...rows.map((row) => lengthOf(row[index] ?? ''))),
  );
}

/** How wide a table is, and what it may truncate. */
export interface Room {
  /** The widest cell of each column. */
  readonly natural: readonly number[];
  /** Columns that are truncated after all others, by number. */
  readonly whole?: ReadonlySet<number>;
  /** Width of the terminal in characters. */
  readonly columns: number;
}

/** Rows as aligned lines that fit the room; longer values are truncated and end in `…`. */
export function renderTable(rows: readonly (readonly string[])[], room: Room, paint: Paint): string[] {
  const widths = fit(room);
  return rows.map((row, number) => {
    const cells = row.map((text, index) => {
      const cell = cut(text, widths[index]!);
      const padding = ' '.repeat(index === row.length - 1 ? 0 : widths[index]! - lengthOf(cell));
      return paint(cell, number, index) + padding;
    });
    return cells.join(gap).trimEnd();
  });
}

/** Narrows the widest columns first, and those that are to stay whole only when no other one can become narrower. */
function fit({ natural, whole = new Set(), columns }: Room): readonly number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, width) => sum + width, gap.length * (widths.length - 1)) - columns;
  const all = widths.map((_, index) => index);
  for (const some of [all.filter((index) => !whole.has(index)), all.filter((index) => whole.has(index))]) {
    for (; excess > 0 && some.length > 0; excess -= 1) {
      const widest = some.reduce((best, index) => (widths[index]! > widths[best]! ? index : best));
      if (widths[widest]! <= leastWidth) break;
      widths[widest]! -= 1;
    }
  }
  return widths;
}

function cut(text: string, width: number): string {
  if (lengthOf(text) <= width) return text;
  const kept = Array.from(text).slice(0, width - 1);
  return `${kept.join('')}…`;
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
