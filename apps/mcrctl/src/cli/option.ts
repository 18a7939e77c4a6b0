import type { Option as CliOption, Positional as CliPositional } from '@mcr/cli';

/** What the shell can be told about a value; the server knows the names. */
export type Completion = 'repository' | 'tag' | 'account' | 'identity' | 'token' | 'rule' | 'context' | 'file';

/** A positional argument, and how the shell completes it. */
export interface Positional extends CliPositional {
  readonly complete?: Completion;
}

/** An option, and how the shell completes its value. */
export type Option = CliOption & { readonly complete?: Completion };
