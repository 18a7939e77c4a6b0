/** Between columns. */
const gap = '  ';
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

/** Rows as aligned lines of at most `columns` characters; longer values are truncated and end in `…`. */
export function renderTable(
  rows: readonly (readonly string[])[],
  natural: readonly number[],
  columns: number,
  paint: Paint,
): string[] {
  const widths = fit(natural, columns - gap.length * (natural.length - 1));
  return rows.map((row, number) => {
    const cells = row.map((text, index) => {
      const cell = cut(text, widths[index]!);
      const padding = ' '.repeat(index === row.length - 1 ? 0 : widths[index]! - lengthOf(cell));
      return paint(cell, number, index) + padding;
    });
    return cells.join(gap).trimEnd();
  });
}

/** Narrows the widest columns first. */
function fit(natural: readonly number[], available: number): readonly number[] {
  const widths = [...natural];
  for (let excess = widths.reduce((sum, width) => sum + width, 0) - available; excess > 0; excess -= 1) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= leastWidth) break;
    widths[widest]! -= 1;
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
