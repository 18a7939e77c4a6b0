import type { GcRun, PendingGarbage } from '@mcr/db';
import { requireAdmin } from '../admin/require-admin.ts';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { type Slice, takeSlice } from '../slice.ts';

/** What garbage collection is doing, what it did last, and what waits for it. */
export interface GcStatus {
  readonly running: boolean;
  readonly currentRun?: GcRun;
  readonly lastRun?: GcRun;
  readonly pending: PendingGarbage;
  /** Milliseconds since the epoch; absent where runs are on demand only. */
  readonly nextRunAt?: number;
}

/** Reads the status from the database, so that it survives a restart. Admin only. */
export async function gcStatus(context: ServiceContext, caller: Caller): Promise<GcStatus> {
  await requireAdmin(context, caller, 'read garbage collection');
  const runs = await context.store.listGcRuns({ limit: 2 });
  const currentRun = runs.find(({ state }) => state === 'running');
  const lastRun = runs.find(({ state }) => state !== 'running');
  const { nextRunAt } = context.collector;
  return {
    running: currentRun !== undefined,
    ...(currentRun !== undefined && { currentRun }),
    ...(lastRun !== undefined && { lastRun }),
    pending: await context.store.pendingGarbage(),
    ...(nextRunAt !== undefined && { nextRunAt }),
  };
}

/** One page of past runs, newest first. Admin only. */
export async function listGcRuns(
  context: ServiceContext,
  caller: Caller,
  page: { readonly before?: string; readonly limit: number },
): Promise<Slice<GcRun>> {
  await requireAdmin(context, caller, 'read garbage collection');
  return takeSlice(page.limit, await context.store.listGcRuns({ ...page, limit: page.limit + 1 }));
}
