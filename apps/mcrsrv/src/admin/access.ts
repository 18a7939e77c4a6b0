import type { DescMethod } from '@bufbuild/protobuf';
import { coversScope, isGuest, RegistryError } from '@mcr/core';
import { type Access, type MethodOptions, type Role } from '@mcr/rpc';
import { adminApi } from '@mcr/rpc/api';
import { Health } from '@mcr/rpc/grpc/health/v1/health_pb';
import { recordDenial } from '../services/audit/denials.ts';
import { type Caller, isAdminCaller } from '../services/caller.ts';
import type { ServiceContext } from '../services/context.ts';
import { scopeOf } from '../services/delegates.ts';
import { loginRequired } from '../services/identity/guests.ts';

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
 * Lets a caller through whose token has the scope that a method asks for, and then the role; a token that is not an access token
 * has every scope. Throws `DENIED`, after an audit event.
 */
export async function requireAccess(
  services: Pick<ServiceContext, 'audit' | 'clock' | 'store'>,
  caller: Caller,
  access: Access,
): Promise<void> {
  const { scope } = access;
  const held = caller.grant?.scope;
  if (held !== undefined && !coversScope(held, scope)) {
    await recordDenial(services, caller, { action: access.action || 'use admin API', rule: 'token scope' });
    const detail = { scope, request_id: caller.requestId };
    throw new RegistryError('DENIED', `Requires a token with the scope ${scope}`, { detail });
  }
  await requireRole(services, caller, access);
}

/**
 * Lets a caller of the role through that a method asks for, before anything of the request is read. It asks for the role and
 * not for policy, so that an admin can always mend a rule that denies too much. Throws `DENIED`, after an audit event, and
 * `UNAUTHORIZED` for guests, who may still log in.
 */
export async function requireRole(
  services: Pick<ServiceContext, 'audit' | 'clock' | 'store'>,
  caller: Caller,
  { role, action }: Pick<Access, 'role' | 'action'>,
): Promise<void> {
  if (isGuest(caller.principal) && role !== 'guest') throw loginRequired();
  if (!needsAdmin.has(role) || isAdminCaller(caller)) return;
  if (role === 'delegate' && (await scopeOf(services, caller)).length > 0) return;
  await recordDenial(services, caller, { action, rule: 'admin role' });
  throw new RegistryError('DENIED', 'Requires the admin role', { detail: { action, request_id: caller.requestId } });
}

/** Delegates are let through to what is for them, where the operation itself looks at what it is about. */
const needsAdmin: ReadonlySet<Role> = new Set(['delegate', 'admin']);
