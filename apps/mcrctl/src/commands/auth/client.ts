import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import type { RpcClient } from '../../rpc/client.ts';
import { isoTime } from '../../rpc/values.ts';
import type { Caller } from './caller.ts';

/** AuthService.WhoAmI. */
export async function getCaller(rpc: RpcClient): Promise<Caller> {
  const answer = await rpc.call(AuthService.method.whoAmI, {}, { to: 'ask who this is' });
  const { username = '', id = '', accountType = '', roles = [] } = answer.principal ?? {};
  return { username, id, account_type: accountType, roles, expires_at: isoTime(answer.expiresAt) };
}
