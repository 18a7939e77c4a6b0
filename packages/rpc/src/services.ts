import { Health } from './gen/grpc/health/v1/health_pb.ts';
import { AdminService } from './gen/mcr/v1/admin_pb.ts';
import { AuditService } from './gen/mcr/v1/audit_pb.ts';
import { AuthService } from './gen/mcr/v1/auth_pb.ts';
import { PolicyService } from './gen/mcr/v1/policy_pb.ts';
import { RegistryService } from './gen/mcr/v1/registry_pb.ts';
import { TokenService } from './gen/mcr/v1/tokens_pb.ts';

/** Every service that the server has. */
export const services = [
  RegistryService,
  PolicyService,
  AuditService,
  AdminService,
  AuthService,
  TokenService,
  Health,
] as const;
