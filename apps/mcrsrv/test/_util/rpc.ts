import { type Client, Code, ConnectError, createClient, type Interceptor, type Transport } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import type { RegistryErrorCode } from '@mcr/core';
import { Health } from '@mcr/rpc/grpc/health/v1/health_pb';
import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { AuditService } from '@mcr/rpc/mcr/v1/audit_pb';
import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { TokenService } from '@mcr/rpc/mcr/v1/tokens_pb';
import { expect } from 'vitest';
import type { TestServer } from './server.ts';

export { services } from '@mcr/rpc';

/** Environment of a server that serves the RPCs, too. */
export const rpcEnv = { MCR_SERVER_GRPC_ADDR: '127.0.0.1:0' };

/** A client of each service. */
export interface RpcClients {
  readonly registry: Client<typeof RegistryService>;
  readonly policy: Client<typeof PolicyService>;
  readonly audit: Client<typeof AuditService>;
  readonly admin: Client<typeof AdminService>;
  readonly auth: Client<typeof AuthService>;
  readonly tokens: Client<typeof TokenService>;
  readonly health: Client<typeof Health>;
}

/** Where the server's RPCs are. */
export function rpcUrl({ grpcPort }: TestServer): string {
  return `https://localhost:${grpcPort}`;
}

/** gRPC to the server, with this text as Authorization unless there is none. */
export function rpcTransport(server: TestServer, authorization?: string): Transport {
  const authorize: Interceptor = (next) => async (request) => {
    if (authorization !== undefined) request.header.set('authorization', authorization);
    return await next(request);
  };
  return createGrpcTransport({
    baseUrl: rpcUrl(server),
    nodeOptions: { ca: server.ca },
    interceptors: [authorize],
    idleConnectionTimeoutMs: 1_000,
  });
}

/** Clients over one transport. */
export function clientsOver(transport: Transport): RpcClients {
  return {
    registry: createClient(RegistryService, transport),
    policy: createClient(PolicyService, transport),
    audit: createClient(AuditService, transport),
    admin: createClient(AdminService, transport),
    auth: createClient(AuthService, transport),
    tokens: createClient(TokenService, transport),
    health: createClient(Health, transport),
  };
}

/** Clients with this token; anonymous ones without. */
export function rpcClients(server: TestServer, token?: string): RpcClients {
  return clientsOver(rpcTransport(server, token === undefined ? undefined : `Bearer ${token}`));
}

/** The error that a call ends with; throws when it does not. */
export async function rejection(call: Promise<unknown>): Promise<ConnectError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ConnectError) return error;
    throw error;
  }
  throw new Error('The call was not rejected');
}

/** Expects an error with this code, and the registry's own one in the metadata, which REST does not have; returns the message. */
export async function expectRejection(call: Promise<unknown>, code: Code, own: RegistryErrorCode): Promise<string> {
  const error = await rejection(call);
  const isRest = error.metadata.has('rest-status');
  const found = isRest ? own : error.metadata.get('mcr-error-code');
  expect({ code: Code[error.code], own: found }, error.rawMessage).toEqual({ code: Code[code], own });
  expect(error.rawMessage).toMatch(/\S.*[^.\s]$/);
  expect(error.details).toEqual([]);
  return error.rawMessage;
}
