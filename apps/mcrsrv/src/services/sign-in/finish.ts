import { randomUUID } from 'node:crypto';
import { type IssuedToken, LoginRejection, type Person, personOf, type SignInChecks } from '@mcr/auth';
import { type Actor, RegistryError } from '@mcr/core';
import type { Identity } from '@mcr/db';
import type { ServiceContext } from '../context.ts';
import type { SignInProvider } from './providers.ts';

/** How long a sign-in may take, milliseconds: people look for a password, or for a phone. */
export const signInMs = 10 * 60_000;

/** How a sign-in ends. */
export interface Finish {
  /** What the first step gave to this browser. */
  readonly state: string;
  /** The query with which the provider sent the browser back. */
  readonly callback: string;
  readonly ip: string;
}

type Attempt = Readonly<Record<keyof SignInChecks, string>> & { readonly provider: SignInProvider };

/**
 * Exchanges what the provider sent for a token, with the name and the roles that the provider gives now; both outcomes are
 * audited. `UNAUTHORIZED`, `DENIED`, `TOOMANYREQUESTS`, `UNAVAILABLE`.
 */
export async function finishSignIn(services: ServiceContext, { state, callback, ip }: Finish): Promise<IssuedToken> {
  const attempt = await attemptOf(services, state);
  const { name } = attempt.provider;
  const { logins } = services.limits;
  try {
    const check = () => signInAt(services, attempt, callback);
    const login = { username: `oidc:${name}`, password: attempt.state, ip };
    const identity = await (logins === undefined ? check() : logins.run(login, check));
    const { id, username, provider, subject } = identity;
    if (identity.blocked) throw blocked(identity);
    const issued = await services.signIns.people.issue(identity);
    await audit(services, 'login', { actor: { id, name: username, ip }, details: { provider, subject } });
    return issued;
  } catch (error) {
    if (error instanceof RegistryError && (error.code === 'UNAUTHORIZED' || error.code === 'DENIED')) {
      const details = error.cause instanceof LoginRejection ? error.cause.details : {};
      await audit(services, 'login_failed', { actor: { ip }, details: { provider: name, ...details } });
    }
    throw error;
  }
}

async function attemptOf({ signIns, clock }: ServiceContext, state: string): Promise<Attempt> {
  const facts = (await signIns.states.open(state, clock.now())) as Readonly<Record<string, string>> | undefined;
  const provider = signIns.providers.get(facts?.['provider'] ?? '');
  if (facts === undefined || provider === undefined) throw over();
  const { redirectUri = '', state: expected = '', nonce = '', verifier = '' } = facts;
  return { provider, redirectUri, state: expected, nonce, verifier };
}

async function signInAt(services: ServiceContext, attempt: Attempt, callback: string): Promise<Identity> {
  const { provider, ...checks } = attempt;
  const claims = await provider.client.finish(callback, checks);
  const person = personOf(claims, provider);
  return await record(services, attempt, person);
}

async function record({ store, clock }: ServiceContext, attempt: Attempt, person: Person): Promise<Identity> {
  const now = clock.now();
  const spent = { id: `sign-in:${attempt.state}`, expiresAt: now + signInMs };
  const identity = { id: randomUUID(), provider: attempt.provider.name, ...person, attempt: spent, now };
  return await store.identities.signIn(identity).catch((error: unknown) => {
    if (!(error instanceof RegistryError) || error.code !== 'CONFLICT') throw error;
    if ((error.detail as { attempt?: string }).attempt !== undefined) throw over();
    const cause = new LoginRejection({ reason: 'name taken', username: person.username, subject: person.subject });
    throw new RegistryError('DENIED', `${error.message}; ask its administrator`, { cause });
  });
}

function audit(
  { audit, clock }: ServiceContext,
  type: 'login' | 'login_failed',
  event: { actor: Actor; details: Readonly<Record<string, string>> },
): Promise<void> {
  return audit.record({ type, at: clock.now(), ...event });
}

function over(): RegistryError {
  const cause = new LoginRejection({ reason: 'state' });
  return new RegistryError('UNAUTHORIZED', 'This sign-in has expired or was completed before; begin again', { cause });
}

function blocked({ username, subject }: Identity): RegistryError {
  const cause = new LoginRejection({ reason: 'blocked', username, subject });
  return new RegistryError('DENIED', 'Your account is blocked; ask the administrator of this registry', { cause });
}
