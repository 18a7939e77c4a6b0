import { allNames, readWords } from '@mcr/cli';
import type { FieldDescription } from '../output/field.ts';
import type { Command, CommandSet } from './command.ts';
import { usageError } from './errors.ts';

/** Field names, or an object as text. */
const looksLikeValue = /^(?:[a-z_]+(?:,[a-z_]+)*$|[{[])/;

/**
 * Joins `--json` with the next word if that can be its value: field names, or a body. A word that begins a command is
 * not, as in `mcrctl --json status` or `repo --json list`; nor is any other word.
 */
export function joinJsonValue(argv: readonly string[], set: CommandSet): string[] {
  const joined: string[] = [];
  for (const word of argv) {
    if (joined.at(-1) === '--json' && isValueBehind(joined, word, set)) joined.push(`${joined.pop()}=${word}`);
    else joined.push(word);
  }
  return joined.map((word) => (word === '--json' ? '--json=' : word));
}

function isValueBehind(before: readonly string[], word: string, set: CommandSet): boolean {
  if (!looksLikeValue.test(word)) return false;
  const { words } = readWords(before, set);
  const leadsOn = (path: readonly string[]): boolean =>
    set.commands.flatMap(allNames).some((name) => path.every((it, index) => name[index] === it));
  const [noun] = words;
  return noun !== undefined && leadsOn([noun]) && !leadsOn([...words, word]);
}

/** The fields that the value of `--json` selects. Throws a usage error that lists the existing fields. */
export function selectFields(json: string, command: Command): readonly FieldDescription[] {
  const { fields, name } = command;
  if (fields === undefined) throw usageError(`${name} has no JSON output`, 'omit --json');
  if (json === '' || (command.jsonBody === true && isBody(json))) return fields;
  return json.split(',').map((wanted) => {
    const field = fields.find((it) => it.name === wanted);
    if (field !== undefined) return field;
    throw usageError(
      `unknown JSON field "${wanted}"`,
      `the fields are ${fields.map((it) => it.name).join(', ')}; put --json last for all of them`,
    );
  });
}

/** Whether the value of `--json` is an object or a list instead of field names. */
export function isBody(json: string): boolean {
  return /^\s*[{[]/.test(json);
}
