import { RegistryError } from '@mcr/core';
import type { TokenCursor } from '@mcr/db';
import { TokenService } from '@mcr/rpc/mcr/v1/tokens_pb';
import { takeSlice } from '../../services/slice.ts';
import { requireRole } from '../access.ts';
import { operation } from '../operation.ts';
import { type AskedPage, nextPageToken, unreadableCursor } from '../page.ts';
import { ownerOf, shownToken } from './token.ts';

/** Tokens of the caller, of an account, or of all accounts; the latter two for admins. `DENIED`, `PARAMETER_INVALID`. */
export const listTokens = operation(
  TokenService.method.listTokens,
  async (services, { page, caller }, { account, all }) => {
    if (all && account !== undefined) throw new RegistryError('PARAMETER_INVALID', 'give account or all, not both');
    if (all) await requireRole(services, caller, { role: 'admin', action: 'list tokens of others' });
    const owner = all ? {} : { accountId: (await ownerOf(services, caller, account)).id };
    await services.tokenUses.flush();
    const from = page.after === undefined ? {} : { after: placeOf(page) };
    const read = await services.store.tokens.list({ ...owner, ...from, limit: page.limit + 1 });
    const { items, more } = takeSlice(page.limit, read);
    const last = items.at(-1);
    return {
      tokens: items.map(shownToken),
      nextPageToken: nextPageToken(more, last && `${last.id} ${last.name} ${last.accountName}`),
    };
  },
);

/** The cursor holds all that the order is by: the token itself may be gone. No id and no name of a token has a space. */
function placeOf({ after = '', parameter }: AskedPage): TokenCursor {
  const [, id, name, accountName] = /^(\S+) (\S+) (.+)$/.exec(after) ?? [];
  if (id === undefined || name === undefined || accountName === undefined) throw unreadableCursor(parameter);
  return { id, name, accountName };
}
