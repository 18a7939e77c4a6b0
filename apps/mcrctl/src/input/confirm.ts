import { cancelled, usageError } from '../cli/errors.ts';
import type { Input } from '../cli/io.ts';
import { printable } from '../output/format.ts';

/** The option of every destructive command. */
export const yesOption = {
  yes: { type: 'boolean', default: false, alias: 'y', describe: 'Skip the confirmation' },
} as const;

/** What is about to be destroyed. */
export interface Destruction {
  /** The action, as in `delete the repository team/app with 3 tags`. */
  readonly what: string;
  /** What the user has to type. */
  readonly name: string;
  readonly yes: boolean;
}

/** Returns after `--yes` or after the user typed the name. Throws a usage error if stdin is not a terminal. */
export async function confirmDestruction(stdin: Input, { what, name, yes }: Destruction): Promise<void> {
  if (yes) return;
  if (!stdin.isTerminal) throw usageError(`stdin is not a terminal, so this cannot be confirmed: ${what}`, 'add --yes');
  const reply = await stdin.ask(`This will ${printable(what)}.\nType ${name} to continue: `, false);
  if (reply?.trim() !== name) throw cancelled('cancelled: the name was not typed, so nothing was changed');
}
