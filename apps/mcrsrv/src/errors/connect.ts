import { Code, ConnectError } from '@connectrpc/connect';
import { RegistryError } from '@mcr/core';
import { retryAfter } from '@mcr/server-kit';
import { type ErrorResponse, forms, jsonError, opaqueMessage } from './forms.ts';

/**
 * Metadata that carries the registry's own code, which is finer than the code of the RPC.
 * @internal
 */
export const errorCodeHeader = 'mcr-error-code';

/**
 * The wire form of whatever a call threw: a `RegistryError` with its message, its code and when to try again, anything else
 * opaquely, since a driver's message may hold SQL. An error of the protocol itself, such as a passed deadline, stays as
 * it is.
 */
export function toConnectError(error: unknown, requestId: string): ConnectError {
  if (error instanceof RegistryError) {
    const { retryAfterMs } = error.facts;
    return new ConnectError(error.message, forms[error.code].rpc, {
      [errorCodeHeader]: error.code,
      ...deniedHeaders(error),
      ...(retryAfterMs !== undefined && { 'Retry-After': String(retryAfter(retryAfterMs)) }),
    });
  }
  if (error instanceof ConnectError) return error;
  return new ConnectError(opaqueMessage(requestId), Code.Internal);
}

/** What was denied, so that a client can ask for an explanation. Both are ASCII. */
function deniedHeaders({ code, detail }: RegistryError): Readonly<Record<string, string>> {
  if (code !== 'DENIED') return {};
  const { action, repository } = (detail ?? {}) as { readonly action?: string; readonly repository?: string };
  return {
    ...(action !== undefined && { 'mcr-denied-action': action }),
    ...(repository !== undefined && { 'mcr-denied-repository': repository }),
  };
}

/** The response to a request that never became a call, in the form of Connect; gRPC clients go by the status. */
export function renderUncalled(
  status: number,
  code: 'invalid_argument' | 'unimplemented',
  message: string,
  headers = {},
): ErrorResponse {
  return jsonError(status, { code, message }, headers);
}
