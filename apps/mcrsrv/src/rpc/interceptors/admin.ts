import type { HandlerContext } from '@connectrpc/connect';
import { requireAdmin } from '../../services/admin/require-admin.ts';
import type { ServiceContext } from '../../services/context.ts';
import { accessOf } from '../access.ts';
import { callerOf } from '../call.ts';

/** Lets only admins through to the methods that are theirs; the verbs behind them ask again. `DENIED`, audited. */
export async function requireAdminCall(services: ServiceContext, context: HandlerContext): Promise<void> {
  const access = accessOf(context.method);
  if (typeof access === 'object') await requireAdmin(services, callerOf(context), access.admin);
}
