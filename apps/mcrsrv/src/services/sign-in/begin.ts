import { RegistryError } from '@mcr/core';
import type { ServiceContext } from '../context.ts';
import type { SignInProvider, SignIns } from './providers.ts';

/** How a sign-in begins. */
export interface Begin {
  /** Name of the provider; empty for the only one. */
  readonly provider: string;
  /** Port of a command line that waits on 127.0.0.1; 0 for the web UI. */
  readonly loopbackPort: number;
}

/**
 * The page of the provider to open, and the state that the browser keeps. Nothing is stored here, however often that is asked
 * for. `NOT_FOUND`, `PARAMETER_INVALID`, `UNAVAILABLE`.
 */
export async function beginSignIn(
  { signIns, clock }: Pick<ServiceContext, 'signIns' | 'clock'>,
  { provider: name, loopbackPort }: Begin,
): Promise<{ readonly location: string; readonly state: string }> {
  const provider = providerOf(signIns, name);
  // RFC 8252, 7.3: the provider lets any port of the loopback through.
  const redirectUri = loopbackPort === 0 ? provider.redirectUrl : `http://127.0.0.1:${loopbackPort}/callback`;
  const { location, checks } = await provider.client.begin(redirectUri);
  return { location, state: await signIns.states.seal({ provider: provider.name, ...checks }, clock.now()) };
}

function providerOf({ providers }: SignIns, name: string): SignInProvider {
  const names = [...providers.keys()];
  const [only] = name === '' && names.length === 1 ? names : [name];
  const provider = providers.get(only ?? '');
  if (provider !== undefined) return provider;
  if (names.length === 0)
    throw new RegistryError('NOT_FOUND', 'This registry has no provider to sign in at', { detail: {} });
  const what = name === '' ? 'Name a provider' : `There is no provider "${name}"`;
  throw new RegistryError('NOT_FOUND', `${what}; the providers are ${names.join(', ')}`, {
    detail: { providers: names },
  });
}
