import type { DescMethod } from '@bufbuild/protobuf';
import { isAdmin, RegistryError } from '@mcr/core';
import { type Access, type MethodOptions, type Role } from '@mcr/rpc';
import { adminApi } from '@mcr/rpc/api';
import { Health } from '@mcr/rpc/grpc/health/v1/health_pb';
import { actorOf, type Caller } from '../services/caller.ts';
import type { ServiceContext } from '../services/context.ts';

const open: Access = { role: 'public', action: '' };

/** What the proto says of a method. */
export function optionsOf(method: DescMethod): MethodOptions {
  const options = adminApi.methods[`${method.parent.typeName}.${method.name}`];
  if (options === undefined) throw new Error(`no access rule for ${method.toString()}`);
  return options;
}

/** Who may call a method. gRPC's own health protocol is open; every other method says it in its proto. */
export function accessOf(method: DescMethod): Access {
  return method.parent.typeName === Health.typeName ? open : optionsOf(method).access;
}

/**
 * Lets a caller of the role through that a method asks for, before anything of the request is read. It asks for the role and
 * not for policy, so that an admin can always mend a rule that denies too much. Throws `DENIED`, after an audit event.
 */
export async function requireRole(
  services: Pick<ServiceContext, 'audit' | 'clock'>,
  caller: Caller,
  { role, action }: Pick<Access, 'role' | 'action'>,
): Promise<void> {
  if (!needsAdmin.has(role) || isAdmin(caller.principal)) return;
  await services.audit.record({
    type: 'policy_deny',
    at: services.clock.now(),
    actor: actorOf(caller),
    details: { action, rule: 'admin role' },
  });
  throw new RegistryError('DENIED', 'Requires the admin role', { detail: { action } });
}

/** There are no delegate grants yet, so that what is for delegates is for admins. */
const needsAdmin: ReadonlySet<Role> = new Set(['delegate', 'admin']);
