import yargs, { type Argv } from 'yargs';
import type { Command, CommandSet } from './command.ts';
import { usageError } from './errors.ts';
import { type GlobalArguments, globalOptions } from './global-options.ts';
import { joinJsonValue } from './json-option.ts';
import type { Option } from './option.ts';
import { commandWords, optionsOf, readWords } from './words.ts';

/** A parsed command line. */
export interface Invocation {
  readonly command: Command;
  readonly args: Record<string, unknown> & GlobalArguments;
}

type Found = (command: Command, args: Record<string, unknown>) => void;

/** Parses a command line; the only module that uses yargs. Throws a usage error. */
export async function parseArguments(argv: readonly string[], { commands, groups }: CommandSet): Promise<Invocation> {
  let found: Invocation | undefined;
  const parser = createParser().fail((message, error) => {
    throw usageError(withNewName(message || error.message, argv, commands), `see ${helpCommand(argv, commands)}`);
  });
  const members = Object.groupBy(commands, ({ name }) => name.split(' ', 1)[0]!);
  for (const [noun, own = []] of Object.entries(members)) {
    const keep: Found = (command, args) => {
      found = { command, args: checkValues(args, command) };
    };
    if (noun in groups) parser.command(noun, '', (group) => addMembers(group, own, keep));
    else for (const command of own) addCommand(parser, [command.name], command, keep);
  }
  await parser.parseAsync(joinJsonValue(argv, commands));
  if (found !== undefined) return found;
  throw usageError('no command given', 'see mcrctl --help');
}

function createParser(): Argv {
  return yargs()
    .scriptName('mcrctl')
    .locale('en')
    .updateStrings(strings)
    .parserConfiguration({
      'boolean-negation': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .options(globalOptions)
    .help(false)
    .version(false)
    .strict()
    .recommendCommands()
    .demandCommand(1, 'no command given')
    .exitProcess(false);
}

/** yargs' own sentences, in the manner of ours. */
const strings: Record<string, string> = {
  'Did you mean %s?': 'Unknown command; did you mean %s?',
  'Not enough arguments following: %s': '--%s needs a value',
};

/** A command with the name of its group is the group's default, when no further word follows. */
function addMembers(group: Argv, members: readonly Command[], found: Found): Argv {
  for (const command of members) {
    const [verb, ...others] = [command.name, ...(command.oldNames ?? [])].map((name) => name.replace(/^\S+ ?/, ''));
    addCommand(group, [verb || '$0', ...others], command, found);
  }
  const hasDefault = members.some(({ name }) => !name.includes(' '));
  return hasDefault ? group : group.demandCommand(1, 'no command given');
}

function addCommand(parser: Argv, patterns: readonly string[], command: Command, found: Found): void {
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
function checkValues(args: Record<string, unknown>, command: Command): Invocation['args'] {
  const checked = { ...args };
  for (const [name, option] of Object.entries(optionsOf(command))) {
    const key = name in globalOptions ? camelCase(name) : name;
    if (option.array !== true && Array.isArray(checked[key])) checked[key] = checked[key].at(-1);
    if (checked[key] === '' && name in globalOptions && name !== 'json')
      throw usageError(`--${name} is empty`, 'give it a value, or omit it');
    mustBeAmong(`--${name}`, checked[key], option.choices);
  }
  for (const [name, { choices, optional }] of Object.entries(command.positionals ?? {})) {
    if (checked[name] === undefined && optional !== true) {
      throw usageError(`missing argument <${name}>`, `see mcrctl ${commandWords(command).join(' ')} --help`);
    }
    mustBeAmong(name, checked[name], choices);
  }
  return checked as Invocation['args'];
}

function mustBeAmong(what: string, given: unknown, choices: Option['choices']): void {
  const values = (Array.isArray(given) ? given : [given]).filter((value) => value !== undefined);
  const wrong = choices && values.find((value) => !choices.includes(value as string));
  if (wrong === undefined) return;
  throw usageError(`invalid value "${wrong}" for ${what}`, `use one of ${choices?.join(', ')}`);
}

function camelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** yargs may suggest an old name; suggest the current one instead. */
function withNewName(message: string, argv: readonly string[], commands: readonly Command[]): string {
  const [noun] = readWords(argv, commands).words;
  return message.replace(/(?<=did you mean )\S+(?=\?$)/, (verb) => {
    const command = commands.find(({ oldNames = [] }) => oldNames.includes(`${noun} ${verb}`));
    return command === undefined ? verb : commandWords(command).at(-1)!;
  });
}

/** The help command of the command that was meant, as far as that is known. */
function helpCommand(argv: readonly string[], commands: readonly Command[]): string {
  const { words, command } = readWords(argv, commands);
  const noun = commands.some((it) => commandWords(it)[0] === words[0]) ? words.slice(0, 1) : [];
  return ['mcrctl', ...(command === undefined ? noun : commandWords(command)), '--help'].join(' ');
}
