import { personPrincipal } from '@mcr/auth';
import type { Principal } from '@mcr/core';
import type { ServiceContext } from '../context.ts';

/**
 * The caller that has this name: a local account, a person who signs in at a provider, or a workload of the configuration,
 * `workload:NAME`. `undefined` for other names, those of accounts of MCIAS among them.
 */
export async function findPrincipal(
  { store, settings }: Pick<ServiceContext, 'store' | 'settings'>,
  name: string,
): Promise<Principal | undefined> {
  const workload = settings.workloads.find(({ username }) => username === name);
  if (workload !== undefined) return workload;
  const person = await store.identities.findByName(name);
  if (person !== undefined) return personPrincipal(person);
  if (!settings.localAccounts) return undefined;
  const account = await store.accounts.findByName(name);
  if (account === undefined) return undefined;
  const { id, username, type, roles } = account;
  return { id, username, accountType: type, roles };
}
