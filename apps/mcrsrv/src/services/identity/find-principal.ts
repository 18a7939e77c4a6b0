import type { Principal } from '@mcr/core';
import type { ServiceContext } from '../context.ts';

/**
 * The caller that has this name: a local account, or a workload of the configuration, `workload:NAME`. `undefined` for other
 * names, those of accounts of MCIAS among them.
 */
export async function findPrincipal(
  { store, settings }: Pick<ServiceContext, 'store' | 'settings'>,
  name: string,
): Promise<Principal | undefined> {
  const workload = settings.workloads.find(({ username }) => username === name);
  if (workload !== undefined || !settings.localAccounts) return workload;
  const account = await store.accounts.findByName(name);
  if (account === undefined) return undefined;
  const { id, username, type, roles } = account;
  return { id, username, accountType: type, roles };
}
