import { AdminService, type Account as Message } from '@mcr/rpc/mcr/v1/admin_pb';
import { CliError } from '../../cli/errors.ts';
import { exitCodes } from '../../cli/exit-codes.ts';
import { type RpcClient, rpcPages } from '../../rpc/client.ts';
import { isoTime, needed } from '../../rpc/values.ts';
import type { Account } from './account.ts';

const { method } = AdminService;

/** A new account. */
export interface NewAccount {
  readonly username: string;
  readonly accountType: string;
  readonly roles: string[];
  readonly password: string;
}

/** What may change; what is left out stays. */
export interface AccountChange {
  readonly password?: string;
  readonly enabled?: boolean;
  /** All its roles. */
  readonly roles?: readonly string[];
}

/** AdminService.ListAccounts: by name. */
export function listAccounts(rpc: RpcClient, limit?: number): AsyncGenerator<readonly Account[]> {
  return rpcPages(limit, async (page) => {
    const { accounts, nextPageToken } = await rpc.call(method.listAccounts, page, { to: 'list the accounts' });
    return { items: accounts.map(toAccount), nextPageToken };
  });
}

/** The account of this name; the API knows accounts by id. Throws a CliError when there is none. */
export async function findAccount(rpc: RpcClient, username: string): Promise<Account> {
  for await (const page of listAccounts(rpc)) {
    const account = page.find((it) => it.username === username);
    if (account !== undefined) return account;
  }
  throw new CliError(`there is no account ${username}`, {
    hint: 'mcrctl account list shows the accounts',
    exitCode: exitCodes.notFound,
  });
}

/** AdminService.CreateAccount. */
export async function createAccount(rpc: RpcClient, account: NewAccount): Promise<Account> {
  const hints = { conflict: `mcrctl account passwd ${account.username} sets another password` };
  return stored(await rpc.call(method.createAccount, account, { to: `create the account ${account.username}`, hints }));
}

/** AdminService.UpdateAccount. */
export async function updateAccount(
  rpc: RpcClient,
  { id, username }: Account,
  { roles, ...change }: AccountChange,
): Promise<Account> {
  const input = { id, ...change, ...(roles !== undefined && { roles: { values: [...roles] } }) };
  return stored(await rpc.call(method.updateAccount, input, { to: `change the account ${username}` }));
}

/** AdminService.DeleteAccount. */
export async function deleteAccount(rpc: RpcClient, { id, username }: Account): Promise<void> {
  await rpc.call(method.deleteAccount, { id }, { to: `delete the account ${username}` });
}

function stored({ account }: { readonly account?: Message | undefined }): Account {
  return toAccount(needed(account, 'account'));
}

function toAccount({ id, username, accountType, roles, enabled, createdAt, updatedAt }: Message): Account {
  const times = { created_at: isoTime(createdAt), updated_at: isoTime(updatedAt) };
  return { id, username, account_type: accountType, roles, enabled, ...times };
}
