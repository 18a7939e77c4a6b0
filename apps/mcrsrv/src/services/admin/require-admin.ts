import { isAdmin, RegistryError } from '@mcr/core';
import { actorOf, type Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';

/**
 * The first line of every verb of the admin plane. It asks for the role and not for policy, so that an admin can always
 * mend a rule that denies too much. Throws `DENIED`, after an audit event.
 */
export async function requireAdmin(context: ServiceContext, caller: Caller, verb: string): Promise<void> {
  if (isAdmin(caller.principal)) return;
  await context.audit.record({
    type: 'policy_deny',
    at: context.clock.now(),
    actor: actorOf(caller),
    details: { action: verb, rule: 'admin role' },
  });
  throw new RegistryError('DENIED', 'This needs the role admin', { detail: { action: verb } });
}
