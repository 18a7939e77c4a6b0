import type { CommandData, Example } from './command.ts';
import type { Option } from './option.ts';
import type { Program } from './program.ts';
import { readWords } from './words.ts';
import { wrap, wrapPairs } from './wrap.ts';

/** Longer lines are hard to read. */
const maxColumns = 100;

/**
 * The text that a command line requests: the version, or help with `--help`, `-h` or a first word `help`; `undefined`
 * if it requests neither. `columns` is the width of the terminal in characters.
 */
export function findText(argv: readonly string[], program: Program, columns: number): string | undefined {
  if (argv.includes('--version')) return `${program.version}\n`;
  const isHelp = argv[0] === 'help' || argv.includes('--help') || argv.includes('-h');
  if (!isHelp) return undefined;
  const { words, command } = readWords(argv[0] === 'help' ? argv.slice(1) : argv, program);
  const width = Math.min(columns, maxColumns);
  const [noun = ''] = words;
  const isGroup = Object.hasOwn(program.groups, noun) && (words.length === 1 || command === undefined);
  if (isGroup) return lines(groupHelp(noun, program, width));
  return lines(command === undefined ? topHelp(program, width) : commandHelp(command, program, width));
}

function topHelp(program: Program, width: number): string[] {
  const { name, describe, commands, groups, globalOptions, examples = [], notes = [] } = program;
  const nouns = Object.entries(Object.groupBy(commands, (command) => command.name.split(' ', 1)[0]!));
  const rows = nouns.map(([noun, members = []]): Pair => {
    if (!(noun in groups)) return [noun, members[0]?.describe ?? ''];
    const verbs = members.map((command) => command.name.split(' ')[1]).filter((verb) => verb !== undefined);
    return [noun, `${groups[noun]}: ${verbs.join(', ')}`];
  });
  const title = hasGlobalOptions(program) ? 'Global options' : 'Options';
  return [
    describe,
    '',
    `Usage: ${name} <command> [options]`,
    ...section('Commands', rows, width),
    ...section(title, [...optionRows(globalOptions), ...common(name)], width),
    ...exampleLines(examples, width),
    ...paragraphs(notes, width),
    ...(notes.length === 0 ? [''] : []),
    `${name} <command> --help shows examples`,
  ];
}

function groupHelp(noun: string, program: Program, width: number): string[] {
  const members = program.commands.filter(({ name }) => name.split(' ', 1)[0] === noun);
  const alone = members.find(({ name }) => name === noun);
  const verbs = members.filter((command) => command !== alone);
  const rows = verbs.map(({ name, describe }): Pair => [name.slice(noun.length + 1), describe]);
  const list = section('Commands', rows, width);
  if (alone !== undefined) return commandHelp(alone, program, width, list);
  return [
    program.groups[noun]!,
    '',
    `Usage: ${program.name} ${noun} <command> [options]`,
    ...list,
    '',
    `${program.name} ${noun} <command> --help shows examples`,
  ];
}

function commandHelp(command: CommandData, program: Program, width: number, more: readonly string[] = []): string[] {
  const { name, describe, positionals = {}, options, examples, fields, notes = [] } = command;
  const parameters = Object.entries(positionals).map(([key, it]): Pair => [key, withChoices(it.describe, it.choices)]);
  const json = fields === undefined ? [] : [`JSON fields: ${fields.map((it) => it.name).join(', ')}`];
  return [
    ...wrap(describe, width),
    '',
    `Usage: ${program.name} ${name} [options]`,
    ...more,
    ...section('Arguments', parameters, width),
    ...section('Options', optionRows(options), width),
    ...exampleLines(examples, width),
    ...paragraphs([...notes, ...json], width),
    ...(hasGlobalOptions(program) ? ['', `${program.name} --help shows the global options`] : []),
  ];
}

function hasGlobalOptions({ globalOptions }: Program): boolean {
  return Object.keys(globalOptions).length > 0;
}

type Pair = readonly [left: string, right: string];

function common(program: string): readonly Pair[] {
  return [
    ['-h, --help', 'Show help'],
    ['    --version', `Show the version of ${program}`],
  ];
}

/** Command lines are never wrapped, so that they can be copied. */
function exampleLines(examples: readonly Example[], width: number): string[] {
  const pairs = examples.flatMap(([line, effect]) => [...wrap(`# ${effect}`, width, '  '), `  ${line}`]);
  return pairs.length === 0 ? [] : ['', 'Examples:', ...pairs];
}

function paragraphs(notes: readonly string[], width: number): string[] {
  return notes.flatMap((note) => ['', ...wrap(note, width)]);
}

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
export function optionText({ describe = '', choices, default: fallback, defaultDescription }: Option): string {
  const shown = defaultDescription ?? (typeof fallback === 'string' ? fallback : undefined);
  return withChoices(describe, choices) + (shown === undefined ? '' : ` (default ${shown})`);
}

function withChoices(describe: string, choices: Option['choices']): string {
  return choices === undefined ? describe : `${describe} (${choices.join(', ')})`;
}

function lines(parts: readonly string[]): string {
  return `${parts.join('\n')}\n`;
}
