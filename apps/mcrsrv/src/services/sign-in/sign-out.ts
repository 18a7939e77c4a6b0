import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';

/**
 * The page that signs a person out at the provider, and then leads back to the login page of the web UI
 * (https://openid.net/specs/openid-connect-rpinitiated-1_0.html); empty where there is none.
 */
export async function signOutLocation(
  { signIns, store }: Pick<ServiceContext, 'signIns' | 'store'>,
  { principal }: Caller,
): Promise<string> {
  if (principal.isFederated !== true || principal.accountType !== 'human') return '';
  const person = await store.identities.findById(principal.id);
  const provider = signIns.providers.get(person?.provider ?? '');
  if (provider === undefined) return '';
  return (await provider.client.endSessionUrl(new URL('/login', provider.redirectUrl).href)) ?? '';
}
