import { once } from 'node:events';
import { createSecureServer, type Http2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { AdminService, type HealthResponse } from '@mcr/rpc/mcr/v1/admin_pb';
import type { IssuedCertificate } from '@mcr/testkit';

/** A server that speaks the admin API over gRPC and TLS 1.3 until the scope that holds it ends. */
export interface Registry extends AsyncDisposable {
  readonly port: number;
}

/** What the registry says of its health. */
export type Health = Partial<Pick<HealthResponse, 'version' | 'publicUrl' | 'port'>>;

/** Starts a registry that answers `AdminService.Health` alone. */
export async function startRegistry(
  { certPem, keyPem }: IssuedCertificate,
  health: () => Health | Promise<Health>,
  port = 0,
): Promise<Registry> {
  const handle = connectNodeAdapter({
    routes: (router) => {
      router.service(AdminService, {
        health: async () => ({ status: 'ok', version: 'v1.2.3', port: 8443, ...(await health()) }),
      });
    },
  });
  const server = createSecureServer({ cert: certPem, key: keyPem, minVersion: 'TLSv1.3' }, handle);
  const sessions = new Set<Http2Session>();
  server.on('session', (session) => sessions.add(session));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
