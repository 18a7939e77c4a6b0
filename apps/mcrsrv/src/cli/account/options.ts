import type { Account } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';
import { CliError } from '../output.ts';

/** The positional argument of a command on one account. */
export const nameArgument = { type: 'string', demandOption: true, describe: 'Account name' } as const;

/** How a new password comes in. */
export const passwordOptions = {
  'password-stdin': { type: 'boolean', default: false, describe: 'Read the password from standard input' },
} as const;

/** Arguments of a command on one account. */
export interface AccountArguments {
  readonly config: string;
  readonly name: string;
}

/** The account of this name; throws with a hint when there is none. */
export async function findAccount(store: MetadataStore, name: string): Promise<Account> {
  const account = await store.findAccountByName(name);
  if (account !== undefined) return account;
  throw new CliError(`There is no account ${name}; see mcrsrv account list`);
}
