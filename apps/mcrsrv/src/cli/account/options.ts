import { type Account, RegistryError } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';
import { confirmByName } from '../input.ts';
import { CliError, say } from '../output.ts';

/** The positional argument of a command on one account. */
export const nameArgument = { type: 'string', demandOption: true, describe: 'Account name' } as const;

/** How a new password comes in. */
export const passwordOptions = {
  'password-stdin': { type: 'boolean', default: false, describe: 'Read the password from standard input' },
} as const;

/** For a command that may take away the last admin. */
export const yesOption = {
  yes: { alias: 'y', type: 'boolean', default: false, describe: 'Do not ask' },
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

/**
 * Makes a change that the admin API rejects for the last enabled admin: on the host it may be meant, so it is confirmed.
 * Throws when it is not.
 */
export async function confirmLastAdmin(
  name: string,
  yes: boolean,
  change: (evenLastAdmin: boolean) => Promise<unknown>,
): Promise<void> {
  try {
    await change(false);
  } catch (error) {
    if (!(error instanceof RegistryError) || error.code !== 'CONFLICT') throw error;
    await confirmByName(`leave the registry without an enabled admin, since ${name} is the last one`, name, yes);
    await change(true);
    say(`${name} was the last enabled admin; mcrsrv account add NAME --role admin makes another one`);
  }
}
