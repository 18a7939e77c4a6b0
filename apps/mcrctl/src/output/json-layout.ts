import type { FieldDescription } from './field.ts';
import type { Layout } from './layout.ts';

/** Keys are always there. */
function orNull(_key: string, value: unknown): unknown {
  return value ?? null;
}

/** One object a line, with exactly the selected fields; what has no value is null. */
export function jsonLayout(selected: readonly FieldDescription[]): Layout {
  const toJson = (item: object): string => {
    const record = item as Readonly<Record<string, unknown>>;
    return JSON.stringify(Object.fromEntries(selected.map(({ name }) => [name, record[name]])), orNull);
  };
  return { list: (_fields, page) => page.map(toJson), item: (_fields, item) => [toJson(item)] };
}
