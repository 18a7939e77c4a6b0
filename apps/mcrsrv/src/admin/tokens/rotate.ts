import { createSecret, secretHash } from '@mcr/auth';
import { TokenService } from '@mcr/rpc/mcr/v1/tokens_pb';
import { changeBy } from '../call.ts';
import { delegateOf } from '../delegations/delegate.ts';
import { operation } from '../operation.ts';
import { milliseconds } from '../plain.ts';
import { manageTokens, requireOwnRights } from './delegated.ts';
import { checkExpiry, latestExpiry, managedToken, ownerOf, shownToken, tokenUnknown } from './token.ts';

/** Time to change over all clients of a token. */
const usualOverlapSeconds = 86_400;

/**
 * Gives a token another secret, which is in the response and nowhere else; the one before works for a while. `NOT_FOUND`, `DENIED`,
 * `PARAMETER_INVALID`.
 */
export const rotateToken = operation(
  TokenService.method.rotateToken,
  async (services, call, { id, overlapSeconds = usualOverlapSeconds, expiresAt: asked }) => {
    const { caller } = call;
    const before = await managedToken(services, caller, id);
    const { accountType } = await ownerOf(services, caller, before.accountId);
    const isOwn = before.accountId === caller.principal.id;
    const delegate = isOwn ? undefined : await delegateOf(services, caller, manageTokens);
    // Who rotates a token gets its secret.
    if (delegate) await requireOwnRights(services, caller, delegate, before);
    const now = services.clock.now();
    const latest = latestExpiry(services, caller, before.accountId);
    const lifetime = before.expiresAt - (before.rotatedAt ?? before.createdAt);
    const expiresAt = asked ? checkExpiry(milliseconds(asked), now, latest) : Math.min(now + lifetime, latest);
    const secret = createSecret(accountType);
    const token = await services.store.tokens.rotate({
      id,
      secretHash: secretHash(secret),
      previousUntil: Math.min(now + overlapSeconds * 1_000, before.expiresAt),
      expiresAt,
      ...changeBy(services, call),
    });
    if (token === undefined) throw tokenUnknown(id);
    return { token: shownToken(token), secret };
  },
);
