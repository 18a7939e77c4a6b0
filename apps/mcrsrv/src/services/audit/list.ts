import type { AuditFilter, StoredAuditEvent } from '@mcr/db';
import { requireAdmin } from '../admin/require-admin.ts';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { type Slice, takeSlice } from '../slice.ts';

/** One page of the audit log, newest first, with what is still being written. Admin only. */
export async function listAuditEvents(
  context: ServiceContext,
  caller: Caller,
  filter: AuditFilter,
): Promise<Slice<StoredAuditEvent>> {
  await requireAdmin(context, caller, 'read audit log');
  await context.audit.flush();
  return takeSlice(filter.limit, await context.store.listAuditEvents({ ...filter, limit: filter.limit + 1 }));
}
