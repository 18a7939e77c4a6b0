import { Health } from '@mcr/rpc/grpc/health/v1/health_pb';
import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { AuditService } from '@mcr/rpc/mcr/v1/audit_pb';
import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';

/** Every service that the server has. */
export const services = [RegistryService, PolicyService, AuditService, AdminService, AuthService, Health] as const;
