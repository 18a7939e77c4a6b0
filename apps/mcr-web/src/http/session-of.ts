import type { Principal } from '@mcr/rpc/mcr/v1/common_pb';
import type { WebContext } from '../context.ts';
import type { Session } from './env.ts';

/** Who has just signed in, as a session. The registry is asked who it is, unless that is known and an admin. */
export async function sessionOf(
  { registry, clock }: Pick<WebContext, 'registry' | 'clock'>,
  { token, principal }: { readonly token: string; readonly principal?: Principal | undefined },
): Promise<Session> {
  const seen = clock.now();
  const { username = '', roles = [] } = principal ?? {};
  if (principal !== undefined && roles.includes('admin')) return { token, username, roles, seen };
  const who = await registry.auth.whoAmI({}, { headers: { authorization: `Bearer ${token}` } });
  const known = who.principal ?? principal;
  return { token, username: known?.username ?? '', roles: known?.roles ?? [], delegations: who.delegations, seen };
}
