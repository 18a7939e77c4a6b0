import yargs, { type Argv } from 'yargs';
import type { CommandData } from './command.ts';
import { UsageError } from './errors.ts';
import type { Option } from './option.ts';
import type { Program } from './program.ts';
import { commandWords, optionsOf, readWords } from './words.ts';

/** A parsed command line. */
export interface Invocation<C extends CommandData> {
  readonly command: C;
  /** By the names of options and positional arguments; names with a hyphen also in camel case. */
  readonly args: Readonly<Record<string, unknown>>;
}

type Found<C extends CommandData> = (command: C, args: Record<string, unknown>) => void;

/** Parses a command line; the only module that uses yargs. Throws a usage error. */
export async function parseCommandLine<C extends CommandData>(
  argv: readonly string[],
  program: Program<C>,
): Promise<Invocation<C>> {
  const { commands, groups } = program;
  let found: Invocation<C> | undefined;
  const parser = createParser(program).fail((message, error) => {
    throw new UsageError(withNewName(message || error.message, argv, program), `see ${helpCommand(argv, program)}`);
  });
  const members = Object.groupBy(commands, ({ name }) => name.split(' ', 1)[0]!);
  for (const [noun, own = []] of Object.entries(members)) {
    const keep: Found<C> = (command, args) => {
      found = { command, args: checkValues(args, command, program) };
    };
    if (noun in groups) parser.command(noun, '', (group) => addMembers(group, own, keep));
    else for (const command of own) addCommand(parser, [command.name], command, keep);
  }
  await parser.parseAsync([...argv]);
  if (found !== undefined) return found;
  throw new UsageError('no command given', `see ${program.name} --help`);
}

function createParser({ name, globalOptions }: Program): Argv {
  return yargs()
    .scriptName(name)
    .locale('en')
    .updateStrings(strings)
    .parserConfiguration({
      'boolean-negation': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .options(withoutChoices(globalOptions))
    .help(false)
    .version(false)
    .strict()
    .recommendCommands()
    .demandCommand(1, 'no command given')
    .exitProcess(false);
}

/** Choices are checked below, with a message of ours. */
function withoutChoices(options: Readonly<Record<string, Option>>): Record<string, Option> {
  return Object.fromEntries(Object.entries(options).map(([name, { choices: _choices, ...option }]) => [name, option]));
}

/** yargs' own sentences, in the manner of ours. */
const strings: Record<string, string> = {
  'Did you mean %s?': 'Unknown command; did you mean %s?',
  'Not enough arguments following: %s': '--%s needs a value',
};

/** A command with the name of its group is the group's default, when no further word follows. */
function addMembers<C extends CommandData>(group: Argv, members: readonly C[], found: Found<C>): Argv {
  for (const command of members) {
    const [verb, ...others] = [command.name, ...(command.oldNames ?? [])].map((name) => name.replace(/^\S+ ?/, ''));
    addCommand(group, [verb || '$0', ...others], command, found);
  }
  const hasDefault = members.some(({ name }) => !name.includes(' '));
  return hasDefault ? group : group.demandCommand(1, 'no command given');
}

function addCommand<C extends CommandData>(
  parser: Argv,
  patterns: readonly string[],
  command: C,
  found: Found<C>,
): void {
  parser.command({
    // Missing arguments are reported by name below, not counted by yargs.
    command: patterns.map((pattern) => pattern.replaceAll('<', '[').replaceAll('>', ']')),
    builder: (own: Argv) => {
      for (const name of Object.keys(command.positionals ?? {})) own.positional(name, { type: 'string' });
      for (const [name, { choices: _choices, oldNames = [], ...option }] of Object.entries(command.options)) {
        own.option(name, {
          ...option,
          alias: [...oldNames, ...(typeof option.alias === 'string' ? [option.alias] : [])],
        });
      }
      return own;
    },
    handler: (args) => found(command, args),
  });
}

/** If an option is repeated, the last value counts, unless it is a list. Throws a usage error for invalid values. */
function checkValues(
  args: Readonly<Record<string, unknown>>,
  command: CommandData,
  program: Program,
): Readonly<Record<string, unknown>> {
  const checked = { ...args };
  for (const [name, option] of Object.entries(optionsOf(command, program))) {
    for (const key of [name, camelCase(name)]) {
      if (option.array !== true && Array.isArray(checked[key])) checked[key] = checked[key].at(-1);
    }
    if (Number.isNaN(checked[name]))
      throw new UsageError(`--${name} must be a number`, `see ${helpOf(command, program)}`);
    mustBeAmong(`--${name}`, checked[name], option.choices);
  }
  for (const [name, { choices, optional }] of Object.entries(command.positionals ?? {})) {
    if (checked[name] === undefined && optional !== true) {
      throw new UsageError(`missing argument <${name}>`, `see ${helpOf(command, program)}`);
    }
    mustBeAmong(name, checked[name], choices);
  }
  return checked;
}

function mustBeAmong(what: string, given: unknown, choices: Option['choices']): void {
  const values = (Array.isArray(given) ? given : [given]).filter((value) => value !== undefined);
  const wrong = choices && values.find((value) => !choices.includes(value as string));
  if (wrong === undefined) return;
  throw new UsageError(`invalid value "${wrong}" for ${what}`, `use one of ${choices?.join(', ')}`);
}

function camelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** yargs may suggest an old name; suggest the current one instead. */
function withNewName(message: string, argv: readonly string[], program: Program): string {
  const [noun] = readWords(argv, program).words;
  return message.replace(/(?<=did you mean )\S+(?=\?$)/, (verb) => {
    const command = program.commands.find(({ oldNames = [] }) => oldNames.includes(`${noun} ${verb}`));
    return command === undefined ? verb : commandWords(command).at(-1)!;
  });
}

/** The help command of the command that was meant, as far as that is known. */
function helpCommand(argv: readonly string[], program: Program): string {
  const { words, command } = readWords(argv, program);
  if (command !== undefined) return helpOf(command, program);
  const noun = program.commands.some((it) => commandWords(it)[0] === words[0]) ? words.slice(0, 1) : [];
  return [program.name, ...noun, '--help'].join(' ');
}

function helpOf(command: CommandData, { name }: Program): string {
  return [name, ...commandWords(command), '--help'].join(' ');
}
