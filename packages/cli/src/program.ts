import type { CommandData, Example } from './command.ts';
import type { Option } from './option.ts';

/** A program with its commands. */
export interface Program<C extends CommandData = CommandData> {
  /** The name of its executable, such as `mcrctl`. */
  readonly name: string;
  /** One line, no trailing period. */
  readonly describe: string;
  /** The output of `--version`. */
  readonly version: string;
  readonly commands: readonly C[];
  /** The description of each noun: `repo list` and `repo get` are commands of `repo`. */
  readonly groups: Readonly<Record<string, string>>;
  /** Options of every command. */
  readonly globalOptions: Readonly<Record<string, Option>>;
  /** Shown below the list of commands. */
  readonly examples?: readonly Example[];
  /** Paragraphs below the help of all commands. */
  readonly notes?: readonly string[];
}
