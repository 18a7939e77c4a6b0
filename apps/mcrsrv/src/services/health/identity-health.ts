import { setTimeout as delay } from 'node:timers/promises';
import type { IdentityProvider } from '@mcr/auth';
import { type Clock, RegistryError } from '@mcr/core';
import { onceEvery } from '@mcr/server-kit';
import type { Logger } from 'pino';

/** How long a result is kept: readiness needs no token, so that anyone could have the identity service asked otherwise. */
const keepMs = 10_000;
/** A probe waits for its response no longer than this. */
const timeoutMs = 2_000;
/** No provider has issued it. Any verdict about it shows that the service responds. */
const probe = 'mcr-readiness-probe';

interface Parts {
  readonly identity: Pick<IdentityProvider, 'validate'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Whether an external identity service responds: asked at most every 10 s, for all callers together. Never throws. A change is
 * logged once.
 */
export function identityHealth({ identity, clock, log }: Parts): () => Promise<boolean> {
  let last = true;
  return onceEvery(
    keepMs,
    async () => {
      const problem = await problemOf(identity);
      const isUp = problem === undefined;
      if (isUp !== last && isUp) log.info('identity service responds again');
      if (isUp !== last && !isUp) log.error({ err: problem }, 'identity service does not respond, logins fail');
      last = isUp;
      return isUp;
    },
    () => clock.now(),
  );
}

async function problemOf(identity: Parts['identity']): Promise<unknown> {
  const timer = new AbortController();
  const late = delay(timeoutMs, new Error(`no response within ${timeoutMs} ms`), { signal: timer.signal, ref: false });
  const outcome = identity.validate(probe).then(
    () => undefined,
    (error: unknown) => (error instanceof RegistryError && error.code === 'UNAUTHORIZED' ? undefined : error),
  );
  const problem = await Promise.race([outcome, late.catch(() => undefined)]);
  timer.abort();
  return problem;
}
