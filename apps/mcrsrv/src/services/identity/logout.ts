import { actorOf, type Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';

/** Makes the caller's token worthless, where the identity provider can. */
export async function logout(context: ServiceContext, caller: Caller, token: string): Promise<void> {
  await context.identity.revoke(token);
  await context.audit.record({ type: 'logout', at: context.clock.now(), actor: actorOf(caller), details: {} });
}
