import type { RepositoryName } from '@mcr/core';
import { actorOf, type Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';

/** What was denied, and the rule that did: its id, `default`, `admin role`, or what the access token is not for: `token`, `token scope`. */
export interface Denial {
  readonly action: string;
  readonly rule: string;
  readonly repository?: RepositoryName;
}

/**
 * Writes a denial to the audit log, with the id that the response and the request log have, and the type of the account, so
 * that a decision can be explained later. Throws `UNAVAILABLE`.
 */
export async function recordDenial(
  { audit, clock }: Pick<ServiceContext, 'audit' | 'clock'>,
  caller: Caller,
  { action, rule, repository }: Denial,
): Promise<void> {
  await audit.record({
    type: 'policy_deny',
    at: clock.now(),
    actor: actorOf(caller),
    ...(repository !== undefined && { repository }),
    details: { action, rule, request_id: caller.requestId },
  });
}
