import type { Interceptor } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { Health } from '@mcr/rpc/grpc/health/v1/health_pb';
import type { InFlight } from '@mcr/server-kit';
import type { Operation } from '../admin/operation.ts';
import { renderUncalled } from '../errors/connect.ts';
import type { NodeRequest, NodeResponse } from '../http/env.ts';
import type { ServiceContext } from '../services/context.ts';
import { valuesOf } from './call.ts';
import { dropEndlessTimeout } from './endless-timeout.ts';
import { healthService } from './health.ts';
import { errors } from './interceptors/errors.ts';
import { requestGate } from './interceptors/gate.ts';
import { requestLog } from './interceptors/request-log.ts';
import { maxMessageSizeOf, maxPublicMessageSize } from './message-sizes.ts';
import { runOperation } from './run-operation.ts';
import { createUnaryHandler } from './unary/handler.ts';

/** What the handler serves and works with. */
export interface RpcParts {
  readonly services: ServiceContext;
  readonly operations: readonly Operation[];
  /** Aborted when the server begins to shut down. */
  readonly stopping: AbortSignal;
  /** Where calls are counted. */
  readonly inFlight: InFlight;
}

/**
 * The operations as gRPC, gRPC-Web and Connect. A call passes, from the outside in: count, request log, errors, authentication,
 * the gate of its role, the operation. A field that JSON has and the message has not is an error, as it is in `/v1`.
 */
export function createRpcHandler(parts: RpcParts): (incoming: NodeRequest, outgoing: NodeResponse) => void {
  const { services, operations, stopping, inFlight } = parts;
  const names = new Set(operations.map(({ method }) => method.parent.typeName));
  const handle = connectNodeAdapter({
    routes: (router) => {
      for (const operation of operations) {
        router.rpc(operation.method, (request, context) => runOperation(operation, services, request, context), {
          readMaxBytes: maxMessageSizeOf(operation.method),
        });
      }
      router.service(Health, healthService([...names], stopping), { readMaxBytes: maxPublicMessageSize });
    },
    requestGate: requestGate(services),
    interceptors: [countCalls(inFlight), requestLog, errors],
    contextValues: valuesOf,
    jsonOptions: { ignoreUnknownFields: false, alwaysEmitImplicit: true },
    fallback: (_incoming, outgoing) => {
      const { status, headers, body } = renderUncalled(404, 'unimplemented', 'There is no method at this path');
      outgoing.writeHead(status, headers);
      outgoing.end(body);
    },
  });
  const handleUnary = createUnaryHandler({ services, operations, inFlight });
  return (incoming, outgoing) => {
    dropEndlessTimeout(incoming.headers);
    if (!handleUnary(incoming, outgoing)) handle(incoming, outgoing);
  };
}

/** Counts a call until its method has ended; the only one that streams uses nothing that a shutdown closes. */
function countCalls(inFlight: InFlight): Interceptor {
  return (next) => async (request) => await inFlight.track(next(request));
}
