import { isGuest, isNarrowed } from '@mcr/core';
import type { Caller } from './caller.ts';
import type { ServiceContext } from './context.ts';

/**
 * The patterns that the caller is a delegate for, as they are stored at this moment: what is taken away is gone with the next
 * request. None with a token for certain actions or repositories, which is for nothing else.
 */
export async function scopeOf({ store }: Pick<ServiceContext, 'store'>, caller: Caller): Promise<readonly string[]> {
  const { principal, grant } = caller;
  if (isGuest(principal) || (grant !== undefined && isNarrowed(grant))) return [];
  return (await store.delegations.listOf(principal.id)).map(({ pattern }) => pattern);
}
