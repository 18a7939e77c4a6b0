import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { listSnapshots as read } from '../../services/snapshots/list.ts';
import { operation } from '../operation.ts';
import { nextPageToken } from '../page.ts';

/** One page of the snapshots in the configured directory, newest first. */
export const listSnapshots = operation(AdminService.method.listSnapshots, async ({ settings }, { page }) => {
  const { items, more } = await read(settings.snapshotDirectory, page);
  return { snapshots: items, nextPageToken: nextPageToken(more, items.at(-1)?.name) };
});
