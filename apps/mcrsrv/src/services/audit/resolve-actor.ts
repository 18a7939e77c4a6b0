import { RegistryError } from '@mcr/core';
import type { ServiceContext } from '../context.ts';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Id of the account that a filter names: by UUID, by the name of a local account, or by a name that events have, which
 * finds accounts of MCIAS and deleted ones. `NOT_FOUND` for any other name, which would select nothing without a word.
 */
export async function resolveActor({ store }: Pick<ServiceContext, 'store'>, actor: string): Promise<string> {
  if (uuid.test(actor)) return actor.toLowerCase();
  const account = await store.accounts.findByName(actor);
  const id = account?.id ?? (await store.audit.findActorId(actor));
  if (id !== undefined) return id;
  const message = `unknown account "${actor.slice(0, 64)}": no account and no event has this name; give its name or UUID`;
  throw new RegistryError('NOT_FOUND', message, { detail: { actor: actor.slice(0, 64) } });
}
