import { Code, ConnectError } from '@connectrpc/connect';
import { RegistryError, type RegistryErrorCode } from '@mcr/core';

const codes: Record<RegistryErrorCode, Code> = {
  BLOB_UNKNOWN: Code.NotFound,
  BLOB_UPLOAD_INVALID: Code.InvalidArgument,
  BLOB_UPLOAD_UNKNOWN: Code.NotFound,
  DIGEST_INVALID: Code.InvalidArgument,
  MANIFEST_BLOB_UNKNOWN: Code.InvalidArgument,
  MANIFEST_INVALID: Code.InvalidArgument,
  MANIFEST_UNKNOWN: Code.NotFound,
  NAME_INVALID: Code.InvalidArgument,
  NAME_UNKNOWN: Code.NotFound,
  SIZE_INVALID: Code.InvalidArgument,
  UNAUTHORIZED: Code.Unauthenticated,
  DENIED: Code.PermissionDenied,
  UNSUPPORTED: Code.Unimplemented,
  TOOMANYREQUESTS: Code.ResourceExhausted,
  TAG_INVALID: Code.InvalidArgument,
  PARAMETER_INVALID: Code.InvalidArgument,
  RANGE_INVALID: Code.InvalidArgument,
  RANGE_UNSATISFIABLE: Code.OutOfRange,
  TOO_LARGE: Code.ResourceExhausted,
  TOO_MANY_TAGS: Code.InvalidArgument,
  NOT_FOUND: Code.NotFound,
  CONFLICT: Code.AlreadyExists,
  NO_SPACE: Code.ResourceExhausted,
  UNAVAILABLE: Code.Unavailable,
};

/** Metadata that carries the registry's own code, which is finer than the code of the RPC. */
export const errorCodeHeader = 'mcr-error-code';

/**
 * The wire form of whatever a call threw: a `RegistryError` with its message, its code and when to try again, anything else
 * opaquely, since a driver's message may hold SQL. An error of the protocol itself, such as a passed deadline, stays as
 * it is.
 */
export function toConnectError(error: unknown, requestId: string): ConnectError {
  if (error instanceof RegistryError) {
    const { 'Retry-After': retryAfter } = error.headers;
    return new ConnectError(error.message, codes[error.code], {
      [errorCodeHeader]: error.code,
      ...(retryAfter !== undefined && { 'Retry-After': retryAfter }),
    });
  }
  if (error instanceof ConnectError) return error;
  return new ConnectError(`Internal error, see the log for request ${requestId}`, Code.Internal);
}
