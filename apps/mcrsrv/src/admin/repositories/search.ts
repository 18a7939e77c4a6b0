import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { search as find } from '../../services/search/search.ts';
import { operation } from '../operation.ts';

/** Hits of each kind unless a caller asks for another number. */
const usualLimit = 10;

/** What a text names of that which the caller may pull. */
export const search = operation(RegistryService.method.search, async (services, { caller }, { query, limit }) => ({
  hits: [...(await find(services, caller, { query, limit: limit === 0 ? usualLimit : limit }))],
}));
