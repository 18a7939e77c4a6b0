import { type IssuedToken, promisedSeconds } from '@mcr/auth';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';

/**
 * Gives a caller its own token once more, with what is left of its life. It is the same token, so it ends when the first
 * one does, a logout ends both, and no provider has to be asked. It is no login, and the audit log has none.
 */
export function reissueToken({ clock }: Pick<ServiceContext, 'clock'>, caller: Caller, token: string): IssuedToken {
  const issuedAt = clock.now();
  const { expiresAt, principal } = caller;
  return { token, issuedAt, expiresAt, expiresIn: promisedSeconds(expiresAt - issuedAt), principal };
}
