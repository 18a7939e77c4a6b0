import type { RegistryError, RegistryErrorCode } from '@mcr/core';

const statuses: Record<RegistryErrorCode, number> = {
  BLOB_UNKNOWN: 404,
  BLOB_UPLOAD_INVALID: 400,
  BLOB_UPLOAD_UNKNOWN: 404,
  DIGEST_INVALID: 400,
  MANIFEST_BLOB_UNKNOWN: 400,
  MANIFEST_INVALID: 400,
  MANIFEST_UNKNOWN: 404,
  NAME_INVALID: 400,
  NAME_UNKNOWN: 404,
  SIZE_INVALID: 400,
  UNAUTHORIZED: 401,
  DENIED: 403,
  UNSUPPORTED: 405,
  TOOMANYREQUESTS: 429,
  TAG_INVALID: 400,
  PARAMETER_INVALID: 400,
  RANGE_INVALID: 400,
  RANGE_UNSATISFIABLE: 416,
  TOO_LARGE: 413,
  TOO_MANY_TAGS: 414,
  NOT_FOUND: 404,
  CONFLICT: 409,
  NO_SPACE: 507,
  UNAVAILABLE: 503,
};

/** An error in the form of the admin API: `{"error": "..."}`, with the error's detail beside it where there is one. */
export interface RestError {
  readonly status: number;
  readonly body: { readonly error: string; readonly detail?: unknown };
}

/** The wire form of a refusal. */
export function toRestError(error: RegistryError): RestError {
  const detail = error.detail === undefined ? {} : { detail: error.detail };
  return { status: statuses[error.code], body: { error: error.message, ...detail } };
}

/** The answer to a failure that is not the client's, which tells nothing but where to look in the log. */
export function opaqueRestError(requestId: string): RestError {
  return { status: 500, body: { error: `Internal error, see the log for request ${requestId}` } };
}
