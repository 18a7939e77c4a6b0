import type { DescMethodUnary } from '@bufbuild/protobuf';

/** The services, each loaded when one of its methods is first called. */
const services = {
  admin: async () => (await import('@mcr/rpc/mcr/v1/admin_pb')).AdminService,
  audit: async () => (await import('@mcr/rpc/mcr/v1/audit_pb')).AuditService,
  auth: async () => (await import('@mcr/rpc/mcr/v1/auth_pb')).AuthService,
  policy: async () => (await import('@mcr/rpc/mcr/v1/policy_pb')).PolicyService,
  registry: async () => (await import('@mcr/rpc/mcr/v1/registry_pb')).RegistryService,
};

type Methods<Service extends keyof typeof services> = Awaited<ReturnType<(typeof services)[Service]>>['method'];

/** Every method of the API: `admin.listAccounts` is ListAccounts of the AdminService. */
export type MethodName = {
  [Service in keyof typeof services]: `${Service}.${keyof Methods<Service> & string}`;
}[keyof typeof services];

/** What the proto says of a method. */
export type Method<Name extends MethodName> =
  Name extends `${infer Service extends keyof typeof services}.${infer Verb}`
    ? Methods<Service>[Verb & keyof Methods<Service>]
    : never;

/** Loads what the proto says of a method. */
export async function loadMethod(name: MethodName): Promise<DescMethodUnary> {
  const [service, verb] = name.split('.') as [keyof typeof services, string];
  const { method } = await services[service]();
  return (method as unknown as Readonly<Record<string, DescMethodUnary>>)[verb]!;
}

/**
 * Methods that go over REST, so that with them a registry can be run that has no gRPC address, as is the default: what the
 * project plan names by its path, the login that comes before, and what `status` and `repo delete` need beside those.
 */
const restMethods: ReadonlySet<MethodName> = new Set<MethodName>([
  'admin.health',
  'admin.ready',
  'audit.listAuditEvents',
  'auth.login',
  'auth.logout',
  'registry.deleteRepository',
  'registry.garbageCollect',
  'registry.getGCStatus',
  'registry.getRepository',
  'registry.listRepositories',
]);

/** Whether a method goes over REST; the others go over Connect. */
export function isRest(name: MethodName): boolean {
  return restMethods.has(name);
}
