import type { RequestListener } from 'node:http';
import type { ConnectRouter } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';

/** The gRPC API of a registry of version v0.0.1, as far as a test needs it, for an HTTP/2 server. */
export function rpcMethods(routes: (router: ConnectRouter) => void): RequestListener {
  return connectNodeAdapter({
    routes(router) {
      router.rpc(AdminService.method.health, () => ({ status: 'ok', version: 'v0.0.1' }));
      routes(router);
    },
  });
}
