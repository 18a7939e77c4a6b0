import type { DescMethod } from '@bufbuild/protobuf';
import { Health } from '@mcr/rpc/grpc/health/v1/health_pb';
import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { AuditService } from '@mcr/rpc/mcr/v1/audit_pb';
import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import type { Access } from '../services/admin/access.ts';

type AccessOf<Service extends { readonly method: object }> = Readonly<Record<keyof Service['method'], Access>>;

const registry: AccessOf<typeof RegistryService> = {
  listRepositories: 'account',
  getRepository: 'account',
  deleteRepository: { admin: 'delete repository' },
  listTags: 'account',
  getRepositoryUsage: 'account',
  planTagDeletion: { admin: 'delete tag' },
  deleteTags: { admin: 'delete tag' },
  inspectManifest: 'account',
  deleteTag: { admin: 'delete tag' },
  listManifests: 'account',
  getManifest: 'account',
  deleteManifest: { admin: 'delete manifest' },
  garbageCollect: { admin: 'run garbage collection' },
  getGCStatus: { admin: 'read garbage collection' },
  listGCRuns: { admin: 'read garbage collection' },
};
const policy: AccessOf<typeof PolicyService> = {
  listPolicyRules: { admin: 'read policy rules' },
  createPolicyRule: { admin: 'create policy rule' },
  getPolicyRule: { admin: 'read policy rules' },
  updatePolicyRule: { admin: 'update policy rule' },
  deletePolicyRule: { admin: 'delete policy rule' },
  explainPolicy: 'account',
};
const audit: AccessOf<typeof AuditService> = {
  listAuditEvents: { admin: 'read audit log' },
  getActivity: { admin: 'read audit log' },
};
const admin: AccessOf<typeof AdminService> = {
  health: 'public',
  snapshot: { admin: 'create snapshot' },
  listSnapshots: { admin: 'list snapshots' },
  getStatistics: { admin: 'read statistics' },
  getStorageUsage: { admin: 'read statistics' },
  listAccounts: { admin: 'list accounts' },
  createAccount: { admin: 'create account' },
  updateAccount: { admin: 'update account' },
  deleteAccount: { admin: 'delete account' },
};
const auth: AccessOf<typeof AuthService> = {
  login: 'public',
  logout: 'account',
  whoAmI: 'account',
  changePassword: 'account',
  listPermissions: 'account',
};
const health: AccessOf<typeof Health> = { check: 'public', list: 'public', watch: 'public' };

const tables = new Map<string, Readonly<Record<string, Access>>>([
  [RegistryService.typeName, registry],
  [PolicyService.typeName, policy],
  [AuditService.typeName, audit],
  [AdminService.typeName, admin],
  [AuthService.typeName, auth],
  [Health.typeName, health],
]);

/** Who may call the method. A service without a table here is served to nobody. */
export function accessOf(method: DescMethod): Access {
  const access = tables.get(method.parent.typeName)?.[method.localName];
  if (access === undefined) throw new Error(`Nobody said who may call ${method.toString()}`);
  return access;
}
