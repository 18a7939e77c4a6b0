import type { IssuedToken } from '@mcr/auth';
import { RegistryError } from '@mcr/core';
import type { ServiceContext } from '../context.ts';

/** Names longer than this are nobody's; they are cut in the audit log and never sent to the identity service. */
const maxUsernameLength = 256;
const maxPasswordLength = 4_096;

/** Credentials as a client sent them. */
export interface LoginInput {
  readonly username: string;
  readonly password: string;
  readonly ip: string;
}

/** Exchanges credentials for a token; both outcomes are audited. `UNAUTHORIZED`, `UNAVAILABLE`, `TOOMANYREQUESTS`. */
export async function login(context: ServiceContext, { username, password, ip }: LoginInput): Promise<IssuedToken> {
  const actor = { name: username.slice(0, maxUsernameLength), ip };
  try {
    if (username === '' || username.length > maxUsernameLength || password.length > maxPasswordLength) {
      throw new RegistryError('UNAUTHORIZED', 'The username or the password is wrong');
    }
    const issued = await context.identity.login(username, password);
    const id = issued.principal?.id;
    await context.audit.record({
      type: 'login',
      at: context.clock.now(),
      actor: { ...actor, ...(id !== undefined && { id }) },
      details: {},
    });
    return issued;
  } catch (error) {
    if (error instanceof RegistryError && error.code === 'UNAUTHORIZED') {
      await context.audit.record({ type: 'login_failed', at: context.clock.now(), actor, details: {} });
    }
    throw error;
  }
}
