import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { createSnapshot } from '../../services/snapshots/create.ts';
import { changeBy } from '../call.ts';
import { operation } from '../operation.ts';

/** Takes a snapshot into the configured directory. Its path stays inside: it tells about the host. */
export const snapshot = operation(AdminService.method.snapshot, async (services, call) => {
  const { store, settings } = services;
  const place = { directory: settings.snapshotDirectory, retention: settings.snapshots };
  return { snapshot: await createSnapshot({ store, ...place, ...changeBy(services, call) }) };
});
