import { renderColumn, renderField } from './cell.ts';
import { printable } from './format.ts';
import type { Layout, Part } from './layout.ts';

/** For programs: tab-separated, no heading, nothing cut; an item is one field a line. */
export const plainLayout: Layout = {
  list(fields, page) {
    const columns = fields.filter(({ column }) => column !== undefined);
    return page.map((item) => columns.map((field) => renderColumn(field, item, 'plain', 0)).join('\t'));
  },
  item(fields, item, more) {
    const own = fields.filter(({ kind }) => kind !== 'object');
    const facts = own.map((field) => [field.name, renderField(field, item, 'plain', 0)] as const);
    return [...facts, ...more].map((fact) => fact.map((part) => printable(plainPart(part))).join('\t'));
  },
};

function plainPart(part: Part): string {
  return typeof part === 'string' ? part : String(part.bytes);
}
