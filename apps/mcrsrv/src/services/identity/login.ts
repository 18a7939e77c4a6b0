import { type IssuedToken, isSecretLike, LoginRejection, withoutSecrets } from '@mcr/auth';
import { RegistryError } from '@mcr/core';
import { networkOf } from '@mcr/server-kit';
import type { ServiceContext } from '../context.ts';

/** Names longer than this belong to no account; they are cut in the audit log and never sent to the identity service. */
const maxUsernameLength = 256;
/** The token of a job's issuer, which takes the place of a password, may be this long. */
const maxPasswordLength = 8_192;

/** Credentials as a client sent them. */
export interface LoginInput {
  readonly username: string;
  readonly password: string;
  readonly ip: string;
  /** Aborted when the client has gone: then its password is not looked at any more. */
  readonly signal: AbortSignal;
}

/**
 * Exchanges credentials for a token; both outcomes are audited. `UNAUTHORIZED`, `UNAVAILABLE`, and `TOOMANYREQUESTS` when
 * the identity service is overloaded or when there were too many failures, which leaves no event: nothing was looked at.
 */
export async function login(context: ServiceContext, input: LoginInput): Promise<IssuedToken> {
  const { username, ip } = input;
  const actor = { name: withoutSecrets(username).slice(0, maxUsernameLength), ip };
  try {
    const issued = await throttled(context, input);
    const { principal, grant, details = {} } = issued;
    if (grant !== undefined) context.tokenUses.note(grant.id, ip);
    await context.audit.record({
      type: 'login',
      at: context.clock.now(),
      actor: { ...actor, ...(principal !== undefined && { id: principal.id, name: principal.username }) },
      details,
    });
    return issued;
  } catch (error) {
    if (error instanceof RegistryError && error.code === 'UNAUTHORIZED') {
      const details = error.cause instanceof LoginRejection ? error.cause.details : {};
      await context.audit.record({ type: 'login_failed', at: context.clock.now(), actor, details });
    }
    throw error;
  }
}

/**
 * Passwords that are wrong too often have to wait. An access token cannot be guessed: a good one never waits, and bad ones count by
 * themselves, so that an old token in a script keeps no password of the same account out.
 */
async function throttled(context: ServiceContext, input: LoginInput): Promise<IssuedToken> {
  const { logins } = context.limits;
  const check = () => verify(context, input);
  if (logins === undefined) return await check();
  if (!isSecretLike(input.password)) return await logins.run(input, check);
  return await check().catch(async (error: unknown) => {
    if (!(error instanceof RegistryError) || error.code !== 'UNAUTHORIZED') throw error;
    const { username, password, ip } = input;
    return await logins.run({ username: `token of ${username}`, password, ip }, () => Promise.reject(error));
  });
}

async function verify(
  { identity }: ServiceContext,
  { username, password, ip, signal }: LoginInput,
): Promise<IssuedToken> {
  if (username === '' || username.length > maxUsernameLength || password.length > maxPasswordLength) {
    throw new RegistryError('UNAUTHORIZED', 'The username or the password is wrong');
  }
  return await identity.login(username, password, { address: networkOf(ip), signal });
}
