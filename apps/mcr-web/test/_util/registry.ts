import { once } from 'node:events';
import { createSecureServer, type Http2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Code, ConnectError, type ConnectRouter, type HandlerContext, type ServiceImpl } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { AdminService, type HealthResponse } from '@mcr/rpc/mcr/v1/admin_pb';
import { AuditService } from '@mcr/rpc/mcr/v1/audit_pb';
import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { TokenService } from '@mcr/rpc/mcr/v1/tokens_pb';
import type { IssuedCertificate } from '@mcr/testkit';

/** A server with the admin API over gRPC and TLS 1.3 until the end of its scope. */
export interface Registry extends AsyncDisposable {
  readonly port: number;
  /** Methods that were called, in order, except for `Health`: a UI knows it for some seconds. */
  readonly calls: string[];
  /** The X-Forwarded-For of each call. */
  readonly forwarded: (string | null)[];
  /** The current roles of the users it knows. */
  readonly people: People;
  /** What users are delegates for, by name. */
  readonly delegations: Record<string, readonly string[]>;
}

/** Names whose password is `right`; the token is the name. In addition there is `mallory`, who has to wait. */
type People = Record<string, readonly string[]>;

/** The result of the registry's health check. */
export type Health = Partial<Pick<HealthResponse, 'version' | 'publicUrl' | 'port'>>;

/** The responses of single methods; the default is an empty one. */
export interface Responses {
  readonly registry?: Partial<ServiceImpl<typeof RegistryService>>;
  readonly policy?: Partial<ServiceImpl<typeof PolicyService>>;
  readonly audit?: Partial<ServiceImpl<typeof AuditService>>;
  readonly admin?: Partial<ServiceImpl<typeof AdminService>>;
  /** Whether callers may list repositories (default: true). */
  readonly mayList?: boolean;
  readonly tokens?: Partial<ServiceImpl<typeof TokenService>>;
  /** Whether the registry manages the accounts (default: true). */
  readonly isLocal?: boolean;
}

/** The password of all users; like a token and a cookie it must not appear in any log. */
export const rightPassword = 'the right password of all users';

/** The token of a name. */
export const tokenOf = (name: string): string => `the-secret-token-of-${name}`;

/** Starts a registry that knows two users and is empty, except for `responses`. */
export async function startRegistry(
  { certPem, keyPem }: IssuedCertificate,
  health: () => Health | Promise<Health>,
  port = 0,
  responses: Responses = {},
): Promise<Registry> {
  const calls: string[] = [];
  const forwarded: (string | null)[] = [];
  const people: People = { admin: ['admin'], grace: ['user'] };
  const delegations: Registry['delegations'] = {};
  const handle = connectNodeAdapter({
    interceptors: [
      (next) => (request) => {
        if (request.method.name !== 'Health') calls.push(request.method.name);
        forwarded.push(request.header.get('x-forwarded-for'));
        return next(request);
      },
    ],
    routes: (router) => services(router, { people, delegations }, health, responses),
  });
  const server = createSecureServer({ cert: certPem, key: keyPem, minVersion: 'TLSv1.3' }, handle);
  const sessions = new Set<Http2Session>();
  server.on('session', (session) => sessions.add(session));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    calls,
    forwarded,
    people,
    delegations,
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function services(
  router: ConnectRouter,
  { people, delegations }: Pick<Registry, 'people' | 'delegations'>,
  health: () => Health | Promise<Health>,
  responses: Responses,
): void {
  const { isLocal = true } = responses;
  const revoked = new Set<string>();
  const callerOf = ({ requestHeader }: HandlerContext) => {
    const name =
      requestHeader
        .get('authorization')
        ?.replace(`Bearer ${tokenOf('')}`, '')
        .replace('Bearer ', '') ?? '';
    if (!(name in people) || revoked.has(name)) throw new ConnectError('The token is not valid', Code.Unauthenticated);
    return name;
  };
  const nothing = {};
  router.service(AdminService, {
    health: async () => ({ status: 'ok', version: 'v1.2.3', port: 8443, ...(await health()) }),
    ready: () => ({ status: 'ready' }),
    getStatistics: () => nothing,
    getStorageUsage: () => nothing,
    describeStorage: () => nothing,
    listSnapshots: () => nothing,
    listAccounts: () => nothing,
    createAccount: () => nothing,
    updateAccount: () => nothing,
    listIdentities: () => nothing,
    updateIdentity: () => nothing,
    deleteIdentity: () => nothing,
    snapshot: () => nothing,
    ...responses.admin,
  });
  router.service(TokenService, {
    listTokens: () => nothing,
    createToken: () => nothing,
    rotateToken: () => nothing,
    revokeToken: () => nothing,
    ...responses.tokens,
  });
  router.service(AuthService, {
    login: ({ username, password }) => {
      if (username === 'mallory') throw new ConnectError('Slowly', Code.ResourceExhausted, { 'retry-after': '32' });
      const roles = people[username];
      if (roles === undefined || password !== rightPassword) throw new ConnectError('No', Code.Unauthenticated);
      return { token: tokenOf(username), principal: { username, roles: [...roles] } };
    },
    signIn: () => {
      throw new ConnectError('This sign-in has expired', Code.Unauthenticated);
    },
    logout: (_request, context) => {
      revoked.add(callerOf(context));
      return nothing;
    },
    whoAmI: (_request, context) => {
      const username = callerOf(context);
      const principal = { id: username, username, roles: [...(people[username] ?? [])] };
      return { principal, local: isLocal, delegations: [...(delegations[username] ?? [])] };
    },
    changePassword: ({ currentPassword, newPassword }, context) => {
      const name = callerOf(context);
      if (currentPassword !== rightPassword)
        throw new ConnectError('The current password is wrong', Code.InvalidArgument);
      if (newPassword.length < 8) throw new ConnectError('The password is too short', Code.InvalidArgument);
      return { token: tokenOf(name) };
    },
    listPermissions: () => ({ permissions: [{ action: 'registry:catalog', allowed: responses.mayList ?? true }] }),
  });
  router.service(RegistryService, {
    listRepositories: (_request, context) => {
      callerOf(context);
      return nothing;
    },
    search: (_request, context) => {
      callerOf(context);
      return nothing;
    },
    getRepository: ({ name }, context) => {
      callerOf(context);
      return { repository: { name } };
    },
    getRepositoryUsage: () => nothing,
    updateRepository: () => nothing,
    deleteRepository: () => nothing,
    listTags: (_request, context) => {
      callerOf(context);
      return nothing;
    },
    planTagDeletion: () => ({ plan: {} }),
    deleteTags: () => ({ plan: {} }),
    listManifests: () => nothing,
    listLayers: () => nothing,
    inspectManifest: (_request, context) => {
      callerOf(context);
      return { content: Buffer.from('{"layers":[{"digest":"sha256:1"}]}') };
    },
    readBlob: () => ({ content: Buffer.from('text'), size: 4n }),
    garbageCollect: () => nothing,
    getGCStatus: () => nothing,
    listGCRuns: () => nothing,
    ...responses.registry,
  });
  router.service(PolicyService, {
    listPolicyRules: () => nothing,
    getPolicyRule: ({ id }) => ({ rule: { id } }),
    createPolicyRule: () => nothing,
    updatePolicyRule: () => nothing,
    deletePolicyRule: () => nothing,
    matchRepositories: () => nothing,
    listDelegations: () => nothing,
    createDelegation: () => nothing,
    deleteDelegation: () => nothing,
    ...responses.policy,
  });
  router.service(AuditService, { listAuditEvents: () => nothing, getActivity: () => nothing, ...responses.audit });
}
