import { codeFromString, codeToHttpStatus } from '@connectrpc/connect/protocol-connect';
import type { RequestRecord } from '@mcr/server-kit';
import type { Logger } from 'pino';
import type { NodeRequest, NodeResponse } from '../http/env.ts';

/**
 * Writes one line for a call that has ended. Headers and messages do not go in: they may hold credentials. A line
 * without a route is of a request that found none: an unknown path, another content type. 501 is no failure of the
 * server: the Connect protocol says it to a client that uses a coding that the server does not have.
 */
export function logCall(log: Logger, incoming: NodeRequest, outgoing: NodeResponse, record: RequestRecord): void {
  const line = {
    requestId: record.id,
    actor: record.actor,
    ip: record.ip,
    route: record.route,
    ...(record.route === undefined && { path: incoming.url?.split('?', 1)[0]?.slice(0, 500) }),
    code: record.code,
    status: outgoing.statusCode,
    durationMs: Math.round((performance.now() - record.startedAt) * 10) / 10,
    ...(!outgoing.writableFinished && { aborted: true }),
    ...(record.error !== undefined && { err: record.error }),
  };
  const { statusCode } = outgoing;
  if (record.error === undefined && (statusCode < 500 || statusCode === 501)) log.info(line, 'call');
  else log.error(line, 'call failed');
}

/** The HTTP status that says how a call ended, for the metrics: on the wire, every gRPC response has 200. */
export function callStatus({ code }: RequestRecord, httpStatus: number): number {
  const error = code === undefined ? undefined : codeFromString(code);
  return error === undefined ? httpStatus : codeToHttpStatus(error);
}
