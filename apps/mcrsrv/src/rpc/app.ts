import { connectNodeAdapter } from '@connectrpc/connect-node';
import { Health } from '@mcr/rpc/grpc/health/v1/health_pb';
import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { AuditService } from '@mcr/rpc/mcr/v1/audit_pb';
import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import type { NodeRequest, NodeResponse } from '../http/grpc-listener.ts';
import { adminService } from './admin/index.ts';
import { auditService } from './audit/index.ts';
import { authService } from './auth/index.ts';
import { valuesOf } from './call.ts';
import { healthService } from './health/index.ts';
import { errors } from './interceptors/errors.ts';
import { requestGate } from './interceptors/gate.ts';
import { requestLog } from './interceptors/request-log.ts';
import type { RpcParts } from './parts.ts';
import { policyService } from './policy/index.ts';
import { registryService } from './registry/index.ts';

/** The largest message, a policy rule, stays below a quarter of this, also when it is not compressed. */
const maxMessageSize = 1024 * 1024;
/** The longest that Node's timers can wait, 24 days. A call with a longer timeout would end at once. */
const maxTimeoutMs = 2 ** 31 - 1;

/**
 * The admin API as gRPC, gRPC-Web and Connect. A call passes, from the outside in: request log, errors, authentication,
 * the admin gate, the method. A field that JSON has and the message has not is an error, as it is in `/v1`.
 */
export function createRpcHandler(parts: RpcParts): (incoming: NodeRequest, outgoing: NodeResponse) => void {
  return connectNodeAdapter({
    routes: (router) => {
      router.service(RegistryService, registryService(parts));
      router.service(PolicyService, policyService(parts));
      router.service(AuditService, auditService(parts));
      router.service(AdminService, adminService(parts));
      router.service(AuthService, authService(parts));
      router.service(Health, healthService(parts));
    },
    requestGate: requestGate(parts.services),
    interceptors: [requestLog, errors],
    contextValues: valuesOf,
    readMaxBytes: maxMessageSize,
    maxTimeoutMs,
    jsonOptions: { ignoreUnknownFields: false, alwaysEmitImplicit: true },
    fallback: (_incoming, outgoing) => {
      const body = JSON.stringify({ code: 'unimplemented', message: 'There is no method at this path' });
      outgoing.writeHead(404, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
      outgoing.end(body);
    },
  });
}
