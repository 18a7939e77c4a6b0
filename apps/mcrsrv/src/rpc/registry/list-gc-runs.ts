import type { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { listGcRuns } from '../../services/gc/status.ts';
import { callerOf } from '../call.ts';
import { runMessage } from '../messages.ts';
import type { Method } from '../method.ts';
import { nextPageToken, pageCursor, pageLimit } from '../page.ts';

export const listGCRuns: Method<typeof RegistryService, 'listGCRuns'> =
  ({ services }) =>
  async (request, context) => {
    const before = pageCursor(request);
    const page = { limit: pageLimit(request), ...(before !== undefined && { before }) };
    const { items, more } = await listGcRuns(services, callerOf(context), page);
    return { runs: items.map(runMessage), nextPageToken: nextPageToken(more, items.at(-1)?.id) };
  };
