import { codeFromString, codeToHttpStatus } from '@connectrpc/connect/protocol-connect';
import type { RequestRecord } from '@mcr/server-kit';

/** The HTTP status that says how a call ended, for the metrics: on the wire, every gRPC response has 200. */
export function callStatus({ code }: RequestRecord, httpStatus: number): number {
  const error = code === undefined ? undefined : codeFromString(code);
  return error === undefined ? httpStatus : codeToHttpStatus(error);
}
