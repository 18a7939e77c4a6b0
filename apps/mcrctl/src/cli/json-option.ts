import type { FieldDescription } from '../output/field.ts';
import type { Command } from './command.ts';
import { usageError } from './errors.ts';

/** Names of fields, or an object as text. */
const looksLikeValue = /^(?:[a-z_]+(?:,[a-z_]+)*$|[{[])/;

/**
 * Ties the word after `--json` to it when it can be meant for it: names of fields, or a body. A word before which no
 * command stands is the command itself, as in `mcrctl --json status`. Any other word is left alone.
 */
export function joinJsonValue(argv: readonly string[], nouns: ReadonlySet<string>): string[] {
  const joined: string[] = [];
  for (const word of argv) {
    const isValue = joined.at(-1) === '--json' && looksLikeValue.test(word) && joined.some((it) => nouns.has(it));
    if (isValue) joined.push(`${joined.pop()}=${word}`);
    else joined.push(word);
  }
  return joined.map((word) => (word === '--json' ? '--json=' : word));
}

/** The fields to print as JSON, `undefined` without `--json`. Throws a usage error that lists the fields there are. */
export function selectFields(json: string | undefined, command: Command): readonly FieldDescription[] | undefined {
  if (json === undefined) return undefined;
  const { fields, name } = command;
  if (fields === undefined) throw usageError(`${name} prints no JSON`, 'leave --json out');
  if (json === '' || (command.jsonBody === true && isBody(json))) return fields;
  return json.split(',').map((wanted) => {
    const field = fields.find((it) => it.name === wanted);
    if (field !== undefined) return field;
    throw usageError(
      `there is no JSON field "${wanted}" here`,
      `the fields are ${fields.map((it) => it.name).join(', ')}; write --json last for all of them`,
    );
  });
}

/** Whether the value of `--json` is an object or a list instead of names of fields. */
export function isBody(json: string): boolean {
  return /^\s*[{[]/.test(json);
}
