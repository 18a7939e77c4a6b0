import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { takeSlice } from '../../services/slice.ts';
import { operation } from '../operation.ts';
import { nextPageToken } from '../page.ts';

/** One page of past runs, newest first. */
export const listGcRuns = operation(RegistryService.method.listGCRuns, async ({ store }, { page }) => {
  const { limit, after: before } = page;
  const read = await store.gc.listRuns({ ...(before !== undefined && { before }), limit: limit + 1 });
  const { items, more } = takeSlice(limit, read);
  return { runs: items, nextPageToken: nextPageToken(more, items.at(-1)?.id) };
});
