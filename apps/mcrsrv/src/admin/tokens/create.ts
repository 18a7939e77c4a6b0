import { randomUUID } from 'node:crypto';
import { createSecret, secretHash } from '@mcr/auth';
import type { Action, TokenScope } from '@mcr/core';
import { TokenService } from '@mcr/rpc/mcr/v1/tokens_pb';
import type { Caller } from '../../services/caller.ts';
import type { ServiceContext } from '../../services/context.ts';
import { changeBy } from '../call.ts';
import { delegateOf } from '../delegations/delegate.ts';
import { operation } from '../operation.ts';
import { milliseconds } from '../plain.ts';
import { checkRule } from '../policy/rule.ts';
import { manageTokens, requireOwnRights } from './delegated.ts';
import { checkExpiry, latestExpiry, ownerOf, requireTokenHolder, shownToken } from './token.ts';

/**
 * Creates a token of the caller or, as an admin or a delegate, of another account; its secret is in the response and nowhere else.
 * `PARAMETER_INVALID`, also for patterns that match nothing, `DENIED`, `CONFLICT`.
 */
export const createToken = operation(
  TokenService.method.createToken,
  async (services, call, { name, account, actions, repositories, scope, expiresAt: asked }) => {
    const { caller } = call;
    const { store, clock, settings } = services;
    await requireTokenHolder(services, caller);
    const owner = await ownerOf(services, caller, account);
    checkRule(services, { actions: actions as Action[], repositories });
    const limits = { actions: actions as Action[], repositories, scope: (scope || 'none') as TokenScope };
    const delegate = owner.id === caller.principal.id ? undefined : await delegateOf(services, caller, manageTokens);
    if (delegate) await requireOwnRights(services, caller, delegate, limits);
    const now = clock.now();
    const latest = latestExpiry(services, caller, owner.id);
    const expiresAt = asked
      ? checkExpiry(milliseconds(asked), now, latest)
      : Math.min(now + settings.tokens.defaultTtl, latest);
    if (owner.id === caller.principal.id) await rememberOwner(services, caller, now);
    const secret = createSecret(owner.accountType);
    const token = await store.tokens.create({
      token: {
        id: randomUUID(),
        accountId: owner.id,
        accountName: owner.username,
        name,
        ...limits,
        expiresAt,
        secretHash: secretHash(secret),
      },
      limit: settings.tokens.perAccount,
      ...changeBy(services, call),
    });
    return { token: shownToken(token), secret };
  },
);

/** Keeps what the caller has signed in as, if another service keeps the account: tokens outlive what the caller has signed in for. */
async function rememberOwner({ store, settings }: ServiceContext, caller: Caller, now: number): Promise<void> {
  const { principal, grant } = caller;
  if (grant !== undefined) return;
  const isLocal = settings.localAccounts && (await store.accounts.findById(principal.id)) !== undefined;
  if (!isLocal) await store.tokens.putOwner({ principal, signedInAt: now });
}
