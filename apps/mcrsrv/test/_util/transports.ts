import type { Interceptor, Transport } from '@connectrpc/connect';
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node';
import { restTransport } from './rest-transport.ts';
import { rpcUrl } from './rpc.ts';
import type { TestServer } from './server.ts';

/** Every way to the admin API. */
export const transports = ['REST', 'Connect in JSON', 'Connect in bytes', 'gRPC', 'gRPC-Web'] as const;

/** One of the ways to the admin API. */
export type TransportName = (typeof transports)[number];

/** The ways that have messages of protobuf, and codes for errors. */
export const rpcTransports = transports.filter((name) => name !== 'REST');

/**
 * REST and one of the RPCs, for tests that cost more than a call: the RPCs differ in how they frame messages, which the steps
 * of `_api-steps.ts` and the recordings of `admin-api` compare over all of them.
 */
export const families = ['REST', 'gRPC'] as const;

/** Opens a transport to the server, with this text as Authorization unless there is none. */
export function openTransport(name: TransportName, server: TestServer, authorization?: string): Transport {
  if (name === 'REST') return restTransport(server, authorization);
  const authorize: Interceptor = (next) => async (request) => {
    if (authorization !== undefined) request.header.set('authorization', authorization);
    return await next(request);
  };
  const options = { baseUrl: rpcUrl(server), nodeOptions: { ca: server.ca }, interceptors: [authorize] };
  const http2 = { ...options, idleConnectionTimeoutMs: 1_000 };
  switch (name) {
    case 'Connect in JSON':
      return createConnectTransport({ ...options, httpVersion: '1.1', useBinaryFormat: false });
    case 'Connect in bytes':
      return createConnectTransport({ ...http2, httpVersion: '2', useBinaryFormat: true });
    case 'gRPC':
      return createGrpcTransport(http2);
    case 'gRPC-Web':
      return createGrpcWebTransport({ ...http2, httpVersion: '2' });
  }
}
