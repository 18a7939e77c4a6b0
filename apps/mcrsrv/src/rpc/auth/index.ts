import type { ServiceImpl } from '@connectrpc/connect';
import type { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import type { RpcParts } from '../parts.ts';
import { changePassword } from './change-password.ts';
import { listPermissions } from './list-permissions.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { whoAmI } from './who-am-i.ts';

/** Every method of the service. */
export function authService(parts: RpcParts): ServiceImpl<typeof AuthService> {
  return {
    login: login(parts),
    logout: logout(parts),
    whoAmI: whoAmI(parts),
    changePassword: changePassword(parts),
    listPermissions: listPermissions(parts),
  };
}
