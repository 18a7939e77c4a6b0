import type { FieldDescription, Kind } from './field.ts';
import { gap, naturalWidths } from './table.ts';

/** What a truncated text still says enough in. */
const readableWidth = 16;
/** A part of such a value is useless or misleading. */
const wholeKinds: ReadonlySet<Kind> = new Set(['number', 'size', 'time', 'instant', 'digest', 'flag']);

/** Whether a column is truncated only after all others. */
export function isWhole({ whole, kind = 'text' }: FieldDescription): boolean {
  return whole === true || wholeKinds.has(kind);
}

/**
 * The names of the fields that are columns of a table. Spare ones are left out, from left to right, until all that remain
 * are readable in the width. `cells` has the heading and the cells of each field.
 */
export function chooseColumns(
  fields: readonly FieldDescription[],
  cells: readonly (readonly string[])[],
  { width, wide }: { readonly width: number; readonly wide: boolean },
): ReadonlySet<string> {
  const least = new Map<string, number>();
  for (const [index, field] of fields.entries()) {
    if (field.column === undefined || (field.wide === true && !wide)) continue;
    const [natural = 0] = naturalWidths(
      (cells[index] ?? []).map((cell) => [cell]),
      [],
    );
    least.set(field.name, isWhole(field) ? natural : Math.min(natural, readableWidth));
  }
  const total = (): number => [...least.values()].reduce((sum, one) => sum + one + gap.length, -gap.length);
  for (const { name, spare } of fields) {
    if (total() <= width) break;
    if (spare === true) least.delete(name);
  }
  return new Set(least.keys());
}
