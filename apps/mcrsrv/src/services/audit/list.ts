import { RegistryError } from '@mcr/core';
import type { AuditFilter, StoredAuditEvent } from '@mcr/db';
import { requireAdmin } from '../admin/require-admin.ts';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { type Slice, takeSlice } from '../slice.ts';
import { resolveActor } from './resolve-actor.ts';

/**
 * One page of the audit log, newest first, with what is still being written; `actor` is a name or an id. Admin only.
 * `NOT_FOUND` for an unknown name.
 */
export async function listAuditEvents(
  context: ServiceContext,
  caller: Caller,
  { actor, ...filter }: AuditFilter & { readonly actor?: string },
): Promise<Slice<StoredAuditEvent>> {
  await requireAdmin(context, caller, 'read audit log');
  if (actor !== undefined && filter.actorId !== undefined) {
    throw new RegistryError('PARAMETER_INVALID', 'give actor or actor_id, not both');
  }
  await context.audit.flush();
  const actorId = actor === undefined ? filter.actorId : await resolveActor(context, actor);
  const query = { ...filter, ...(actorId !== undefined && { actorId }), limit: filter.limit + 1 };
  return takeSlice(filter.limit, await context.store.listAuditEvents(query));
}
