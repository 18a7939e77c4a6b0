import { requireAdmin } from '../admin/require-admin.ts';
import { actorOf, type Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { createSnapshot, type Snapshot } from './create.ts';

/** Takes a snapshot into the configured directory. Admin only. */
export async function requestSnapshot(context: ServiceContext, caller: Caller): Promise<Snapshot> {
  await requireAdmin(context, caller, 'create snapshot');
  const { store, settings, clock } = context;
  return await createSnapshot({
    store,
    directory: settings.snapshotDirectory,
    retention: settings.snapshots,
    actor: actorOf(caller),
    now: clock.now(),
  });
}
