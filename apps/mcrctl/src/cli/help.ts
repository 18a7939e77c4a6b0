import type { Command, CommandSet } from './command.ts';
import { exitCodeMeanings } from './exit-codes.ts';
import { globalOptions } from './global-options.ts';
import type { Option } from './option.ts';
import { readWords } from './words.ts';
import { wrap, wrapPairs } from './wrap.ts';

/** Longer lines are hard to read. */
const maxColumns = 100;

/** The help that a command line requests with `--help`, `-h` or a first word `help`; `undefined` if it does not. */
export function findHelp(argv: readonly string[], set: CommandSet, columns: number): string | undefined {
  const isAsked = argv[0] === 'help' || argv.includes('--help') || argv.includes('-h');
  if (!isAsked) return undefined;
  const { words, command } = readWords(argv[0] === 'help' ? argv.slice(1) : argv, set.commands);
  const width = Math.min(columns, maxColumns);
  const [noun = ''] = words;
  const isGroup = Object.hasOwn(set.groups, noun) && (words.length === 1 || command === undefined);
  if (isGroup) return lines(groupHelp(noun, set, width));
  return lines(command === undefined ? topHelp(set, width) : commandHelp(command, width));
}

function topHelp({ commands, groups }: CommandSet, width: number): string[] {
  const nouns = Object.entries(Object.groupBy(commands, ({ name }) => name.split(' ', 1)[0]!));
  const rows = nouns.map(([noun, members = []]): Pair => {
    if (!(noun in groups)) return [noun, members[0]?.describe ?? ''];
    const verbs = members.map(({ name }) => name.split(' ')[1]).filter((verb) => verb !== undefined);
    return [noun, `${groups[noun]}: ${verbs.join(', ')}`];
  });
  return [
    "The operator's command line of the MCR registry",
    '',
    'Usage: mcrctl <command> [options]',
    ...section('Commands', rows, width),
    ...section('Global options', [...optionRows(globalOptions), ...common], width),
    '',
    ...wrap(`Exit codes: ${exitCodeMeanings.map((pair) => pair.join(' ')).join(', ')}`, width),
    'mcrctl <command> --help shows examples',
  ];
}

function groupHelp(noun: string, { commands, groups }: CommandSet, width: number): string[] {
  const members = commands.filter(({ name }) => name.split(' ', 1)[0] === noun);
  const alone = members.find(({ name }) => name === noun);
  const verbs = members.filter((command) => command !== alone);
  const rows = verbs.map(({ name, describe }): Pair => [name.slice(noun.length + 1), describe]);
  const list = section('Commands', rows, width);
  if (alone !== undefined) return commandHelp(alone, width, list);
  return [
    groups[noun]!,
    '',
    `Usage: mcrctl ${noun} <command> [options]`,
    ...list,
    '',
    `mcrctl ${noun} <command> --help shows examples`,
  ];
}

function commandHelp(command: Command, width: number, more: readonly string[] = []): string[] {
  const { name, describe, positionals = {}, options, examples, fields } = command;
  const parameters = Object.entries(positionals).map(([key, it]): Pair => [key, withChoices(it.describe, it.choices)]);
  return [
    ...wrap(describe, width),
    '',
    `Usage: mcrctl ${name} [options]`,
    ...more,
    ...section('Arguments', parameters, width),
    ...section('Options', optionRows(options), width),
    '',
    'Examples:',
    ...examples.flatMap(([line, effect]) => [...wrap(`# ${effect}`, width, '  '), `  ${line}`]),
    ...(fields === undefined ? [] : ['', ...wrap(`JSON fields: ${fields.map((it) => it.name).join(', ')}`, width)]),
    '',
    'mcrctl --help shows the global options',
  ];
}

type Pair = readonly [left: string, right: string];

const common: readonly Pair[] = [
  ['-h, --help', 'Show help'],
  ['    --version', 'Show the version of mcrctl'],
];

function section(title: string, rows: readonly Pair[], width: number): string[] {
  return rows.length === 0 ? [] : ['', `${title}:`, ...wrapPairs(rows, width)];
}

function optionRows(options: Readonly<Record<string, Option>>): Pair[] {
  return Object.entries(options).map(([name, option]) => [optionTitle(name, option), optionText(option)]);
}

/** Formats an option, such as `-u, --username NAME`. */
export function optionTitle(name: string, { alias, type, value }: Option): string {
  const short = typeof alias === 'string' ? `-${alias}, ` : '    ';
  return `${short}--${name}${type === 'boolean' ? '' : ` ${value ?? name.toUpperCase()}`}`;
}

/** The description of an option, with its choices and default. */
export function optionText({ describe = '', choices, default: fallback }: Option): string {
  const isWorthSaying = typeof fallback === 'string';
  return withChoices(describe, choices) + (isWorthSaying ? ` (default ${fallback})` : '');
}

function withChoices(describe: string, choices: Option['choices']): string {
  return choices === undefined ? describe : `${describe} (${choices.join(', ')})`;
}

function lines(parts: readonly string[]): string {
  return `${parts.join('\n')}\n`;
}
