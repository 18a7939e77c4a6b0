import type { DescService } from '@bufbuild/protobuf';
import type { ConnectRouter, MethodImpl, ServiceImpl } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { Health } from '@mcr/rpc/grpc/health/v1/health_pb';
import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { AuditService } from '@mcr/rpc/mcr/v1/audit_pb';
import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import type { NodeRequest, NodeResponse } from '../http/grpc-listener.ts';
import { accessOf } from './access.ts';
import { adminService } from './admin/index.ts';
import { auditService } from './audit/index.ts';
import { authService } from './auth/index.ts';
import { valuesOf } from './call.ts';
import { dropEndlessTimeout } from './endless-timeout.ts';
import { healthService } from './health/index.ts';
import { countCalls } from './interceptors/count-calls.ts';
import { errors } from './interceptors/errors.ts';
import { requestGate } from './interceptors/gate.ts';
import { requestLog } from './interceptors/request-log.ts';
import type { RpcParts } from './parts.ts';
import { policyService } from './policy/index.ts';
import { registryService } from './registry/index.ts';

/** The largest message, a policy rule, stays below a quarter of this, also when it is not compressed. */
const maxMessageSize = 1024 * 1024;
/** Who has not logged in sends a name and a password. */
const maxPublicMessageSize = 16 * 1024;

/**
 * The admin API as gRPC, gRPC-Web and Connect. A call passes, from the outside in: count, request log, errors, authentication,
 * the admin gate, the method. A field that JSON has and the message has not is an error, as it is in `/v1`.
 */
export function createRpcHandler(parts: RpcParts): (incoming: NodeRequest, outgoing: NodeResponse) => void {
  const handle = connectNodeAdapter({
    routes: (router) => {
      mount(router, RegistryService, registryService(parts));
      mount(router, PolicyService, policyService(parts));
      mount(router, AuditService, auditService(parts));
      mount(router, AdminService, adminService(parts));
      mount(router, AuthService, authService(parts));
      mount(router, Health, healthService(parts));
    },
    requestGate: requestGate(parts.services),
    interceptors: [countCalls(parts.inFlight), requestLog, errors],
    contextValues: valuesOf,
    jsonOptions: { ignoreUnknownFields: false, alwaysEmitImplicit: true },
    fallback: (_incoming, outgoing) => {
      const body = JSON.stringify({ code: 'unimplemented', message: 'There is no method at this path' });
      outgoing.writeHead(404, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
      outgoing.end(body);
    },
  });
  return (incoming, outgoing) => {
    dropEndlessTimeout(incoming.headers);
    handle(incoming, outgoing);
  };
}

/** Registers the methods of a service, each with the limit of its messages. */
function mount<Service extends DescService>(
  router: ConnectRouter,
  service: Service,
  implementation: ServiceImpl<Service>,
): void {
  for (const method of service.methods) {
    const readMaxBytes = accessOf(method) === 'public' ? maxPublicMessageSize : maxMessageSize;
    router.rpc(method, implementation[method.localName] as MethodImpl<typeof method>, { readMaxBytes });
  }
}
