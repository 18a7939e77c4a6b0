import type { DescMethodUnary } from '@bufbuild/protobuf';

/** The services, each loaded when one of its methods is first called. */
const services = {
  admin: async () => (await import('@mcr/rpc/mcr/v1/admin_pb')).AdminService,
  audit: async () => (await import('@mcr/rpc/mcr/v1/audit_pb')).AuditService,
  auth: async () => (await import('@mcr/rpc/mcr/v1/auth_pb')).AuthService,
  policy: async () => (await import('@mcr/rpc/mcr/v1/policy_pb')).PolicyService,
  registry: async () => (await import('@mcr/rpc/mcr/v1/registry_pb')).RegistryService,
  tokens: async () => (await import('@mcr/rpc/mcr/v1/tokens_pb')).TokenService,
};

type Methods<Service extends keyof typeof services> = Awaited<ReturnType<(typeof services)[Service]>>['method'];

/** All methods of the API: `admin.listAccounts` is ListAccounts of the AdminService. */
export type MethodName = {
  [Service in keyof typeof services]: `${Service}.${keyof Methods<Service> & string}`;
}[keyof typeof services];

/** The descriptor of a method in the proto. */
export type Method<Name extends MethodName> =
  Name extends `${infer Service extends keyof typeof services}.${infer Verb}`
    ? Methods<Service>[Verb & keyof Methods<Service>]
    : never;

/** Loads the descriptor of a method. */
export async function loadMethod(name: MethodName): Promise<DescMethodUnary> {
  const [service, verb] = name.split('.') as [keyof typeof services, string];
  const { method } = await services[service]();
  return (method as unknown as Readonly<Record<string, DescMethodUnary>>)[verb]!;
}

/**
 * Methods that use REST, so that a registry without a gRPC address, which is the default, can be administered: those
 * that the project plan names by their path, the login before them, what `status` and `repo delete` need in addition, and
 * access tokens, which CI needs everywhere.
 */
const restMethods: ReadonlySet<MethodName> = new Set<MethodName>([
  'admin.health',
  'admin.ready',
  'audit.listAuditEvents',
  'auth.login',
  'auth.logout',
  'auth.signIn',
  'registry.deleteRepository',
  'registry.garbageCollect',
  'registry.getGCStatus',
  'registry.getRepository',
  'registry.listRepositories',
  'tokens.createToken',
  'tokens.listTokens',
  'tokens.revokeToken',
  'tokens.rotateToken',
]);

/** Whether a method uses REST; the others use Connect. */
export function isRest(name: MethodName): boolean {
  return restMethods.has(name);
}
