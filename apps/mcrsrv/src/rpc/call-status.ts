import { codeFromString, codeToHttpStatus } from '@connectrpc/connect/protocol-connect';
import type { RequestRecord } from '../http/request-record.ts';

/**
 * The HTTP status that says how a call ended, for the metrics: gRPC answers everything with 200. A call that ended
 * without a code, and with 200, had a message that could not be read.
 */
export function callStatus({ code }: RequestRecord, httpStatus: number): number {
  if (code === 'ok') return 200;
  const known = code === undefined ? undefined : codeFromString(code);
  if (known !== undefined) return codeToHttpStatus(known);
  return httpStatus === 200 ? 400 : httpStatus;
}
