import { Document, Scalar, visit } from 'yaml';
import type { FieldDescription } from './field.ts';
import { unprintable } from './format.ts';
import type { Layout } from './layout.ts';

/**
 * YAML with the selected fields: an item is a mapping, and a list a sequence of mappings, printed page by page. Strings that
 * YAML 1.1 takes for something else, such as `on` and `1.10`, are quoted.
 */
export function yamlLayout(selected: readonly FieldDescription[]): Layout {
  const fieldsOf = (item: object): object => {
    const record = item as Readonly<Record<string, unknown>>;
    return Object.fromEntries(selected.map(({ name }) => [name, record[name] ?? null]));
  };
  return {
    list: (_fields, page) => [toYaml(page.map(fieldsOf))],
    none: '[]',
    item: (_fields, item) => [toYaml(fieldsOf(item))],
  };
}

/** Control characters are escaped, as in JSON: names and messages come from other people. */
function toYaml(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false, compat: 'yaml-1.1' });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && node.value.search(unprintable) !== -1) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  const escape = (character: string): string =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return document.toString({ lineWidth: 0 }).trimEnd().replaceAll(unprintable, escape);
}
