import { commandWords, readWords, type Words } from '@mcr/cli';
import type { Command, CommandSet } from '../../cli/command.ts';
import { globalOptions } from '../../cli/global-options.ts';
import type { Completion, Option } from '../../cli/option.ts';

/** A possible word at the cursor. */
export interface Candidate {
  readonly value: string;
  readonly describe?: string;
}

/** Finds names on the server that begin with `prefix`. */
export type Lookup = (kind: Completion, prefix: string, line: Line) => Promise<readonly Candidate[]>;

/** All possible words at the cursor of a line. */
export async function findCandidates(text: string, set: CommandSet, lookup: Lookup): Promise<readonly Candidate[]> {
  const line = parseLine(text, set);
  const all = await candidatesFor(line, set, lookup);
  return all.filter(({ value }) => value.startsWith(line.current));
}

async function candidatesFor(line: Line, set: CommandSet, lookup: Lookup): Promise<readonly Candidate[]> {
  const { awaiting, command, current } = line;
  if (awaiting !== undefined) return await valuesOf(awaiting, line, lookup);
  if (current.startsWith('-')) {
    return Object.entries(optionsOf(command)).map(([name, { describe = '' }]) => ({ value: `--${name}`, describe }));
  }
  return [...nextWords(line, set), ...(await argumentsOf(line, lookup))];
}

function optionsOf(command: Command | undefined): Readonly<Record<string, Option>> {
  return { ...command?.options, ...globalOptions };
}

/** Words that continue to a command. */
function nextWords({ words }: Line, { commands, groups }: CommandSet): Candidate[] {
  const next = new Map<string, string>();
  for (const command of commands) {
    const name = commandWords(command);
    const word = name[words.length];
    if (word === undefined || !words.every((it, index) => name[index] === it)) continue;
    next.set(word, name.length === words.length + 1 && !(word in groups) ? command.describe : (groups[word] ?? ''));
  }
  return [...next].map(([value, describe]) => ({ value, describe }));
}

async function argumentsOf(line: Line, lookup: Lookup): Promise<readonly Candidate[]> {
  const { command, words, current } = line;
  if (command === undefined) return [];
  const positionals = Object.values(command.positionals ?? {});
  const positional = positionals[words.length - commandWords(command).length];
  if (positional?.choices !== undefined) return positional.choices.map((value) => ({ value }));
  return positional?.complete === undefined ? [] : await lookup(positional.complete, current, line);
}

/** Values of an option; after `=` they are prefixed with it, and after a comma with what precedes that. */
async function valuesOf(name: string, line: Line, lookup: Lookup): Promise<readonly Candidate[]> {
  const option = optionsOf(line.command)[name];
  const before = /^--[^=]+=/.exec(line.current)?.[0] ?? '';
  const value = line.current.slice(before.length);
  const put = (candidates: readonly Candidate[], head = before): Candidate[] =>
    candidates.map((it) => ({ ...it, value: head + it.value }));
  if (name === 'json') {
    const list = before + value.slice(0, value.lastIndexOf(',') + 1);
    return put(
      (line.command?.fields ?? []).map((field) => ({ value: field.name, describe: field.describe })),
      list,
    );
  }
  if (option?.choices !== undefined) return put(option.choices.map((choice) => ({ value: String(choice) })));
  return option?.complete === undefined ? [] : put(await lookup(option.complete, value, line));
}

/** A command line up to the cursor. */
export interface Line extends Words<Command> {
  /** What stands at the cursor; may be empty. */
  readonly current: string;
}

/** Reads a line as a shell has it, `mcrctl` included. Quotes are not understood: no name needs them. */
export function parseLine(line: string, set: CommandSet): Line {
  const [, ...words] = line.trimStart().split(/\s+/);
  const current = words.pop() ?? '';
  const before = readWords(words, set);
  const [, inline] = /^--([^=]+)=/.exec(current) ?? [];
  return { ...before, current, awaiting: inline ?? before.awaiting };
}
