import { liesWithin, type RepositoryName } from '@mcr/core';
import { type Caller, isAdminCaller } from '../../services/caller.ts';
import type { ServiceContext } from '../../services/context.ts';
import { scopeOf } from '../../services/delegates.ts';

/** Names of who pulled, among what is known of a manifest or a tag. */
interface Pullers {
  readonly lastPulledBy?: string;
  readonly imagePulledBy?: string;
}

/** Whether the caller may read who pulled from a repository: admins, and delegates within their scope, whose audit log says it too. */
export async function seesPullers(
  services: Pick<ServiceContext, 'store'>,
  caller: Caller,
  repository: RepositoryName,
): Promise<boolean> {
  return isAdminCaller(caller) || liesWithin(repository, await scopeOf(services, caller));
}

/** Leaves out who pulled. */
export function nameless<Facts extends Pullers>(facts: Facts): Omit<Facts, keyof Pullers> {
  const { lastPulledBy: _, imagePulledBy: __, ...rest } = facts;
  return rest;
}
