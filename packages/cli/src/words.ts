import type { CommandData } from './command.ts';
import type { Option } from './option.ts';
import type { Program } from './program.ts';

/** The words of a command line, classified as far as possible without validating them. */
export interface Words<C extends CommandData = CommandData> {
  /** Words that are neither options nor their values. */
  readonly words: readonly string[];
  /** The longest command that they begin with. */
  readonly command: C | undefined;
  /** Options with their values; an empty text for those without. */
  readonly given: Readonly<Record<string, string>>;
  /** The last option, if its value is missing. */
  readonly awaiting: string | undefined;
}

/** Options of a command and the global ones, by name. */
export function optionsOf(
  command: CommandData | undefined,
  { globalOptions }: Pick<Program, 'globalOptions'>,
): Readonly<Record<string, Option>> {
  return { ...command?.options, ...globalOptions };
}

/** The words of a command's name without its positional arguments. */
export function commandWords({ name }: CommandData): string[] {
  return name.split(' ').filter((word) => !/^[<[]/.test(word));
}

/** The words of a command's name, and of its old ones. */
export function allNames(command: CommandData): readonly (readonly string[])[] {
  return [commandWords(command), ...(command.oldNames ?? []).map((name) => name.split(' '))];
}

/** Classifies words, which may be incomplete or invalid. Never throws. */
export function readWords<C extends CommandData>(argv: readonly string[], program: Program<C>): Words<C> {
  const { commands } = program;
  const words: string[] = [];
  const given: Record<string, string> = {};
  let awaiting: string | undefined;
  for (const word of argv) {
    if (awaiting !== undefined && !word.startsWith('-')) {
      given[awaiting] = word;
      awaiting = undefined;
      continue;
    }
    const [, name = '', value] = /^--?([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    awaiting = undefined;
    if (name === '') words.push(word);
    else {
      given[name] = value ?? '';
      if (value === undefined) awaiting = valueOption(name, optionsOf(commandOf(words, commands), program));
    }
  }
  return { words, command: commandOf(words, commands), given, awaiting };
}

function commandOf<C extends CommandData>(words: readonly string[], commands: readonly C[]): C | undefined {
  return commands
    .filter((command) => allNames(command).some((name) => name.every((word, index) => words[index] === word)))
    .toSorted((a, b) => commandWords(b).length - commandWords(a).length)[0];
}

/** The full name of an option that has a value. */
function valueOption(name: string, options: Readonly<Record<string, Option>>): string | undefined {
  const found = Object.entries(options).find(([full, { alias, oldNames = [] }]) =>
    [full, alias, ...oldNames].includes(name),
  );
  return found === undefined || found[1].type === 'boolean' ? undefined : found[0];
}
