import { RegistryError } from '@mcr/core';
import type { DelegationCursor } from '@mcr/db';
import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { takeSlice } from '../../services/slice.ts';
import { requireRole } from '../access.ts';
import { operation } from '../operation.ts';
import { type AskedPage, nextPageToken, unreadableCursor } from '../page.ts';
import { holderOf, shownDelegation } from './delegate.ts';

/** Delegations of the caller, of an account, or of all accounts; the latter two for admins. `DENIED`, `PARAMETER_INVALID`. */
export const listDelegations = operation(
  PolicyService.method.listDelegations,
  async (services, { page, caller }, { account, all }) => {
    if (all && account !== undefined) throw new RegistryError('PARAMETER_INVALID', 'give account or all, not both');
    const { id, username } = caller.principal;
    const isOwn = account === undefined || account === username || account.toLowerCase() === id;
    if (all || !isOwn) await requireRole(services, caller, { role: 'admin', action: 'list delegations of others' });
    const { delegations } = services.store;
    if (!all) {
      // As many as an account may have fit on any page.
      const own = await delegations.listOf(isOwn ? id : (await holderOf(services, account)).id);
      return { delegations: own.map(shownDelegation), nextPageToken: '' };
    }
    const from = page.after === undefined ? {} : { after: placeOf(page) };
    const { items, more } = takeSlice(page.limit, await delegations.list({ ...from, limit: page.limit + 1 }));
    const last = items.at(-1);
    return {
      delegations: items.map(shownDelegation),
      nextPageToken: nextPageToken(more, last && `${last.id} ${last.pattern} ${last.accountName}`),
    };
  },
);

/** No id and no pattern that is delegated has a space. */
function placeOf({ after = '', parameter }: AskedPage): DelegationCursor {
  const [, id, pattern, accountName] = /^(\S+) (\S+) (.+)$/.exec(after) ?? [];
  if (id === undefined || pattern === undefined || accountName === undefined) throw unreadableCursor(parameter);
  return { id, pattern, accountName };
}
