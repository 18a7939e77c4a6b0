import type { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { listSnapshots as verb } from '../../services/snapshots/list.ts';
import { callerOf } from '../call.ts';
import { snapshotMessage } from '../messages.ts';
import type { Method } from '../method.ts';
import { nextPageToken, pageOf } from '../page.ts';

export const listSnapshots: Method<typeof AdminService, 'listSnapshots'> =
  ({ services }) =>
  async (request, context) => {
    const { items, more } = await verb(services, callerOf(context), pageOf(request));
    return { snapshots: items.map(snapshotMessage), nextPageToken: nextPageToken(more, items.at(-1)?.name) };
  };
