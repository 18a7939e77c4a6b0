import { cancelled, usageError } from '../cli/errors.ts';
import type { Input } from '../cli/io.ts';
import { printable } from '../output/format.ts';

/** Option of every command that destroys. */
export const yesOption = {
  yes: { type: 'boolean', default: false, alias: 'y', describe: 'Do not ask for confirmation' },
} as const;

/** What is about to be destroyed. */
export interface Destruction {
  /** What will happen, as in `delete the repository team/app with 3 tags`. */
  readonly what: string;
  /** What the person has to type. */
  readonly name: string;
  readonly yes: boolean;
}

/** Lets go on only after `--yes` or after the name was typed. Throws a usage error when there is nobody to ask. */
export async function confirmDestruction(stdin: Input, { what, name, yes }: Destruction): Promise<void> {
  if (yes) return;
  if (!stdin.isTerminal) throw usageError(`this would ${what}, and there is nobody to confirm it`, 'add --yes');
  const answer = await stdin.ask(`This will ${printable(what)}.\nType ${name} to go on: `, false);
  if (answer?.trim() !== name) throw cancelled('cancelled: the name was not typed, so nothing was changed');
}
