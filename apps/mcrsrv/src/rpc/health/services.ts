import { Health, HealthCheckResponse_ServingStatus as Status } from '@mcr/rpc/grpc/health/v1/health_pb';
import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { AuditService } from '@mcr/rpc/mcr/v1/audit_pb';
import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';

/** What the health protocol answers for; the empty name is the server as a whole. */
export const healthNames: readonly string[] = [
  '',
  ...[RegistryService, PolicyService, AuditService, AdminService, AuthService, Health].map(({ typeName }) => typeName),
];

/** The state of every service that there is: they stop together. */
export function servingStatus(stopping: AbortSignal): Status {
  return stopping.aborted ? Status.NOT_SERVING : Status.SERVING;
}
