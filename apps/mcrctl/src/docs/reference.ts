import { commandWords, optionText, optionTitle } from '@mcr/cli';
import type { Command, CommandSet } from '../cli/command.ts';
import { exitCodeMeanings } from '../cli/exit-codes.ts';
import { globalOptions } from '../cli/global-options.ts';
import type { Option } from '../cli/option.ts';
import type { FieldDescription } from '../output/field.ts';
import { errorForms, introduction } from './introduction.ts';

/** The text of docs/cli.md. */
export function renderReference({ commands, groups }: CommandSet): string {
  const nouns = Object.groupBy(commands, ({ name }) => (isGrouped(name, groups) ? nounOf(name) : ''));
  const { '': general = [], ...others } = nouns;
  const printed = new Map<readonly FieldDescription[], string>();
  const chapters = [
    ['General', general] as const,
    ...Object.entries(others).map(([noun, own = []]) => [groups[noun]!, own] as const),
  ];
  return [
    introduction,
    table(
      ['code', 'meaning'],
      exitCodeMeanings.map(([code, meaning]) => [String(code), meaning]),
    ),
    errorForms,
    '## Global options\n\n',
    optionTable(globalOptions),
    ...chapters.map(
      ([title, own]) => `\n## ${title}\n\n${own.map((command) => renderCommand(command, printed)).join('\n')}`,
    ),
  ].join('');
}

function nounOf(name: string): string {
  return name.split(' ', 1)[0]!;
}

function isGrouped(name: string, groups: CommandSet['groups']): boolean {
  return nounOf(name) in groups;
}

/** Fields that an earlier section lists are not repeated; `printed` records where they are. */
function renderCommand(command: Command, printed: Map<readonly FieldDescription[], string>): string {
  const { name, describe, positionals = {}, options, examples, fields } = command;
  const title = `mcrctl ${commandWords(command).join(' ')}`;
  const parameters = Object.entries(positionals).map(([key, { describe: text, choices }]) => {
    return [`\`${key}\``, choices === undefined ? text : `${text} (${choices.join(', ')})`];
  });
  const parts = [
    `### ${title}\n`,
    `${describe}.\n`,
    `    mcrctl ${name} [options]\n`,
    parameters.length === 0 ? '' : table(['argument', 'meaning'], parameters),
    Object.keys(options).length === 0 ? '' : optionTable(options),
    `\`\`\`sh\n${examples.map(([line, effect]) => `# ${effect}\n${line}\n`).join('')}\`\`\`\n`,
    fields === undefined ? '' : renderFields(fields, title, printed),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function renderFields(fields: readonly FieldDescription[], title: string, printed: Map<object, string>): string {
  const before = printed.get(fields);
  if (before !== undefined) return `JSON fields: those of [${before}](#${before.replaceAll(' ', '-')}).\n`;
  printed.set(fields, title);
  return table(['JSON field', 'type', 'meaning'], fields.map(fieldRow));
}

const types = {
  text: 'string',
  number: 'number',
  size: 'number, bytes',
  time: 'string, RFC 3339',
  instant: 'string, RFC 3339',
  digest: 'string',
  list: 'list of strings',
  flag: 'boolean',
  object: 'object or list',
} as const;

function fieldRow({ name, kind = 'text', describe }: FieldDescription): string[] {
  return [`\`${name}\``, types[kind], describe];
}

function optionTable(options: Readonly<Record<string, Option>>): string {
  const rows = Object.entries(options).map(([name, it]) => [`\`${optionTitle(name, it).trim()}\``, optionText(it)]);
  return table(['option', 'meaning'], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return [line(head), `|${'---|'.repeat(head.length)}\n`, ...rows.map(line)].join('');
}
