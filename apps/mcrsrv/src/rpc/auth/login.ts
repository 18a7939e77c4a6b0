import type { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { login as verb } from '../../services/identity/login.ts';
import { callRecord } from '../call.ts';
import { timestamp } from '../convert.ts';
import { principalMessage } from '../messages.ts';
import type { Method } from '../method.ts';

export const login: Method<typeof AuthService, 'login'> =
  ({ services }) =>
  async ({ username, password }, context) => {
    const { ip } = callRecord(context);
    const { token, expiresAt, principal } = await verb(services, { username, password, ip, signal: context.signal });
    return { token, expiresAt: timestamp(expiresAt), ...(principal && { principal: principalMessage(principal) }) };
  };
