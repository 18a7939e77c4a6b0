import type { FieldDescription } from './field.ts';
import { toJson } from './format.ts';
import type { Layout } from './layout.ts';

/** One object a line, with exactly the selected fields; what has no value is null. */
export function jsonLayout(selected: readonly FieldDescription[]): Layout {
  const line = (item: object): string => {
    const record = item as Readonly<Record<string, unknown>>;
    return toJson(Object.fromEntries(selected.map(({ name }) => [name, record[name]])));
  };
  return { list: (_fields, page) => page.map(line), item: (_fields, item) => [line(item)] };
}
