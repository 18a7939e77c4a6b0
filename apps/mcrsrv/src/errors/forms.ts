import { Code } from '@connectrpc/connect';
import { RegistryError, type RegistryErrorCode } from '@mcr/core';

/** The response to a request that failed. */
export interface ErrorResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What an error of one code is on the wire. */
interface ErrorForm {
  /** HTTP status, in `/v2` and `/v1` alike. */
  readonly status: number;
  /**
   * Code in `/v2`, from the table of
   * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes; UNAVAILABLE is what clients know for 5xx.
   */
  readonly oci: string;
  /** Status of a call, in Connect and gRPC. */
  readonly rpc: Code;
}

/** How each error is told in each API. A code that is added to the registry does not compile until it is here. */
export const forms: Record<RegistryErrorCode, ErrorForm> = {
  BLOB_UNKNOWN: { status: 404, oci: 'BLOB_UNKNOWN', rpc: Code.NotFound },
  BLOB_UPLOAD_INVALID: { status: 400, oci: 'BLOB_UPLOAD_INVALID', rpc: Code.InvalidArgument },
  BLOB_UPLOAD_UNKNOWN: { status: 404, oci: 'BLOB_UPLOAD_UNKNOWN', rpc: Code.NotFound },
  DIGEST_INVALID: { status: 400, oci: 'DIGEST_INVALID', rpc: Code.InvalidArgument },
  MANIFEST_BLOB_UNKNOWN: { status: 400, oci: 'MANIFEST_BLOB_UNKNOWN', rpc: Code.InvalidArgument },
  MANIFEST_INVALID: { status: 400, oci: 'MANIFEST_INVALID', rpc: Code.InvalidArgument },
  MANIFEST_UNKNOWN: { status: 404, oci: 'MANIFEST_UNKNOWN', rpc: Code.NotFound },
  NAME_INVALID: { status: 400, oci: 'NAME_INVALID', rpc: Code.InvalidArgument },
  NAME_UNKNOWN: { status: 404, oci: 'NAME_UNKNOWN', rpc: Code.NotFound },
  SIZE_INVALID: { status: 400, oci: 'SIZE_INVALID', rpc: Code.InvalidArgument },
  UNAUTHORIZED: { status: 401, oci: 'UNAUTHORIZED', rpc: Code.Unauthenticated },
  DENIED: { status: 403, oci: 'DENIED', rpc: Code.PermissionDenied },
  UNSUPPORTED: { status: 405, oci: 'UNSUPPORTED', rpc: Code.Unimplemented },
  TOOMANYREQUESTS: { status: 429, oci: 'TOOMANYREQUESTS', rpc: Code.ResourceExhausted },
  TAG_INVALID: { status: 400, oci: 'MANIFEST_INVALID', rpc: Code.InvalidArgument },
  PARAMETER_INVALID: { status: 400, oci: 'UNSUPPORTED', rpc: Code.InvalidArgument },
  RANGE_INVALID: { status: 400, oci: 'BLOB_UPLOAD_INVALID', rpc: Code.InvalidArgument },
  RANGE_UNSATISFIABLE: { status: 416, oci: 'BLOB_UPLOAD_INVALID', rpc: Code.OutOfRange },
  TOO_LARGE: { status: 413, oci: 'SIZE_INVALID', rpc: Code.ResourceExhausted },
  TOO_MANY_TAGS: { status: 414, oci: 'UNSUPPORTED', rpc: Code.InvalidArgument },
  NOT_FOUND: { status: 404, oci: 'UNSUPPORTED', rpc: Code.NotFound },
  CONFLICT: { status: 409, oci: 'DENIED', rpc: Code.AlreadyExists },
  NO_SPACE: { status: 507, oci: 'UNAVAILABLE', rpc: Code.ResourceExhausted },
  UNAVAILABLE: { status: 503, oci: 'UNAVAILABLE', rpc: Code.Unavailable },
};

/** Renders the body of an error, and the headers that belong to it. */
export function jsonError(status: number, body: unknown, headers: ErrorResponse['headers'] = {}): ErrorResponse {
  const text = JSON.stringify(body);
  const length = String(Buffer.byteLength(text));
  return { status, headers: { 'Content-Type': 'application/json', 'Content-Length': length, ...headers }, body: text };
}

/** What a client sees of an error that is no `RegistryError`, since a driver's message may hold SQL. */
export function opaqueMessage(requestId: string): string {
  return `Internal error, see the log for request ${requestId}`;
}

/** Whether an error is a fault of the server and not of the client, so that its cause belongs in the log. */
export function isServerFault(error: unknown): boolean {
  return !(error instanceof RegistryError) || error.code === 'UNAVAILABLE' || error.code === 'NO_SPACE';
}
