import { type Client, createClient } from '@connectrpc/connect';
import { Http2SessionManager } from '@connectrpc/connect-node';
import { formatAddress, type WebSection } from '@mcr/config';
import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { AuditService } from '@mcr/rpc/mcr/v1/audit_pb';
import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { TokenService } from '@mcr/rpc/mcr/v1/tokens_pb';
import { readAuthorities } from '@mcr/server-kit';
import { trustedAuthorities } from '@mcr/server-kit/authorities';
import { createUnaryTransport } from './unary-transport.ts';

/** Clients of the registry's admin API, one for each service that pages use. Calls throw ConnectErrors. */
export interface RegistryClient extends Disposable {
  readonly admin: Client<typeof AdminService>;
  readonly audit: Client<typeof AuditService>;
  readonly auth: Client<typeof AuthService>;
  readonly policy: Client<typeof PolicyService>;
  readonly registry: Client<typeof RegistryService>;
  readonly tokens: Client<typeof TokenService>;
}

/** A page that waits longer is worse than one that says that the registry does not respond. */
const callTimeoutMs = 5_000;
/** A connection idle for longer is checked before it is used. */
const pingIntervalMs = 30_000;

/**
 * Uses gRPC over TLS 1.3 to `web.grpc_addr`; connects on the first call, and again after a break. Throws a StartError
 * if `web.ca_cert` contains no certificate.
 */
export function createRegistryClient({ grpcAddr, caCert }: Pick<WebSection, 'grpcAddr' | 'caCert'>): RegistryClient {
  const baseUrl = `https://${formatAddress(grpcAddr)}`;
  const ca = trustedAuthorities(caCert === undefined ? undefined : readAuthorities('web.ca_cert', caCert));
  const session = new Http2SessionManager(baseUrl, { pingIntervalMs }, { ca, minVersion: 'TLSv1.3' });
  // It names no compression: both servers are close to each other, and to compress a response costs more than to send it.
  const transport = createUnaryTransport({ session, timeoutMs: callTimeoutMs });
  return {
    admin: createClient(AdminService, transport),
    audit: createClient(AuditService, transport),
    auth: createClient(AuthService, transport),
    policy: createClient(PolicyService, transport),
    registry: createClient(RegistryService, transport),
    tokens: createClient(TokenService, transport),
    [Symbol.dispose]: () => session.abort(),
  };
}
