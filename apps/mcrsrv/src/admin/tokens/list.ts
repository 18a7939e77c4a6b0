import { type Delegate, RegistryError } from '@mcr/core';
import type { AccessToken, AccessTokens, TokenCursor } from '@mcr/db';
import { TokenService } from '@mcr/rpc/mcr/v1/tokens_pb';
import type { ServiceContext } from '../../services/context.ts';
import { takeSlice } from '../../services/slice.ts';
import { requireRole } from '../access.ts';
import { delegateOf } from '../delegations/delegate.ts';
import { operation } from '../operation.ts';
import { type AskedPage, nextPageToken, unreadableCursor } from '../page.ts';
import { isTokenWithin, manageTokens } from './delegated.ts';
import { ownerOf, shownToken } from './token.ts';

/** Tokens that are read at a time to find those that a delegate manages. */
const readAtOnce = 100;

/**
 * Tokens of the caller, of an account, or of all accounts; the latter two for admins, and for delegates what they manage of one
 * account. `DENIED`, `PARAMETER_INVALID`.
 */
export const listTokens = operation(
  TokenService.method.listTokens,
  async (services, { page, caller }, { account, all }) => {
    if (all && account !== undefined) throw new RegistryError('PARAMETER_INVALID', 'give account or all, not both');
    if (all) await requireRole(services, caller, { role: 'admin', action: 'list tokens of others' });
    const owner: { readonly accountId?: string } = all
      ? {}
      : { accountId: (await ownerOf(services, caller, account)).id };
    await services.tokenUses.flush();
    const from = page.after === undefined ? {} : { after: placeOf(page) };
    const isOfOther = owner.accountId !== caller.principal.id;
    const delegate = isOfOther ? await delegateOf(services, caller, manageTokens) : undefined;
    const read = delegate
      ? await tokensWithin(services, delegate, { ...owner, ...from, limit: page.limit + 1 })
      : await services.store.tokens.list({ ...owner, ...from, limit: page.limit + 1 });
    const { items, more } = takeSlice(page.limit, read);
    const last = items.at(-1);
    return {
      tokens: items.map(shownToken),
      nextPageToken: nextPageToken(more, last && `${last.id} ${last.name} ${last.accountName}`),
    };
  },
);

/** The tokens of an account that a delegate manages; the account has not many. */
async function tokensWithin(
  { store }: ServiceContext,
  { scope }: Delegate,
  { limit, ...page }: Parameters<AccessTokens['list']>[0],
): Promise<readonly AccessToken[]> {
  const found: AccessToken[] = [];
  let from = page;
  while (found.length < limit) {
    const read = await store.tokens.list({ ...from, limit: readAtOnce });
    found.push(...read.filter((token) => isTokenWithin(token, scope)));
    const last = read.at(-1);
    if (last === undefined || read.length < readAtOnce) break;
    from = { ...page, after: last };
  }
  return found.slice(0, limit);
}

/** The cursor holds all that the order is by: the token itself may be gone. No id and no name of a token has a space. */
function placeOf({ after = '', parameter }: AskedPage): TokenCursor {
  const [, id, name, accountName] = /^(\S+) (\S+) (.+)$/.exec(after) ?? [];
  if (id === undefined || name === undefined || accountName === undefined) throw unreadableCursor(parameter);
  return { id, name, accountName };
}
