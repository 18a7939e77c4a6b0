import type { Principal } from '@mcr/core';
import type { ServiceContext } from '../../services/context.ts';
import { invalidRequest } from '../invalid-request.ts';

/** The account of a UUID or a name, not that of a workload. Throws `PARAMETER_INVALID` for one that is unknown. */
export async function accountOf({ store, settings }: ServiceContext, account: string): Promise<Principal> {
  const { accounts, tokens } = store;
  const local = settings.localAccounts
    ? ((await accounts.findByName(account)) ?? (await accounts.findById(account.toLowerCase())))
    : undefined;
  if (local !== undefined)
    return { id: local.id, username: local.username, accountType: local.type, roles: local.roles };
  const owner = await tokens.findOwner(account);
  if (owner !== undefined) return owner.principal;
  const problem = settings.localAccounts
    ? `there is no account ${JSON.stringify(account)}`
    : 'must be the UUID of an account that has created a token itself, since another service keeps the accounts';
  throw invalidRequest([{ field: 'account', problem }]);
}
