import type { Account, UpdateAccountRequestSchema } from '@mcr/rpc/mcr/v1/admin_pb';
import type { Client } from '../../api/client.ts';
import { type Input, type Json, needed } from '../../api/json.ts';
import { CliError } from '../../cli/errors.ts';
import { exitCodes } from '../../cli/exit-codes.ts';

/** The account with this name; the API identifies accounts by id. Throws a CliError if there is none. */
export async function findAccount(client: Client, username: string): Promise<Json<Account>> {
  const pages = client.pages('admin.listAccounts', {}, { to: 'list the accounts' }, ({ accounts }) => accounts);
  for await (const page of pages) {
    const account = page.find((it) => it.username === username);
    if (account !== undefined) return account;
  }
  throw new CliError(`account ${username} not found`, {
    hint: 'mcrctl account list shows the accounts',
    exitCode: exitCodes.notFound,
  });
}

/** AdminService.UpdateAccount: unspecified fields are unchanged. Returns the updated account. */
export async function updateAccount(
  client: Client,
  { id, username }: Json<Account>,
  change: Input<typeof UpdateAccountRequestSchema>,
): Promise<Json<Account>> {
  const about = { to: `change the account ${username}` };
  const { account } = await client.call('admin.updateAccount', { ...change, id }, about);
  return needed(account, 'account');
}
