import type { Command } from '../../cli/command.ts';
import { readWords, type Words } from '../../cli/words.ts';

/** A command line up to the cursor. */
export interface Line extends Words {
  /** What stands at the cursor; may be empty. */
  readonly current: string;
}

/** Reads a line as a shell has it, `mcrctl` included. Quotes are not understood: no name needs them. */
export function parseLine(line: string, commands: readonly Command[]): Line {
  const [, ...words] = line.trimStart().split(/\s+/);
  const current = words.pop() ?? '';
  const before = readWords(words, commands);
  const [, inline] = /^--([^=]+)=/.exec(current) ?? [];
  return { ...before, current, awaiting: inline ?? before.awaiting };
}
