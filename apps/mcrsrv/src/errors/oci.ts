import type { RegistryError, RegistryErrorCode } from '@mcr/core';

interface OciForm {
  readonly status: number;
  /** From the distribution-spec's table, "Error Codes"; UNAVAILABLE and UNKNOWN are what clients know for 5xx. */
  readonly code: string;
}

const forms: Record<RegistryErrorCode, OciForm> = {
  BLOB_UNKNOWN: { status: 404, code: 'BLOB_UNKNOWN' },
  BLOB_UPLOAD_INVALID: { status: 400, code: 'BLOB_UPLOAD_INVALID' },
  BLOB_UPLOAD_UNKNOWN: { status: 404, code: 'BLOB_UPLOAD_UNKNOWN' },
  DIGEST_INVALID: { status: 400, code: 'DIGEST_INVALID' },
  MANIFEST_BLOB_UNKNOWN: { status: 400, code: 'MANIFEST_BLOB_UNKNOWN' },
  MANIFEST_INVALID: { status: 400, code: 'MANIFEST_INVALID' },
  MANIFEST_UNKNOWN: { status: 404, code: 'MANIFEST_UNKNOWN' },
  NAME_INVALID: { status: 400, code: 'NAME_INVALID' },
  NAME_UNKNOWN: { status: 404, code: 'NAME_UNKNOWN' },
  SIZE_INVALID: { status: 400, code: 'SIZE_INVALID' },
  UNAUTHORIZED: { status: 401, code: 'UNAUTHORIZED' },
  DENIED: { status: 403, code: 'DENIED' },
  UNSUPPORTED: { status: 405, code: 'UNSUPPORTED' },
  TOOMANYREQUESTS: { status: 429, code: 'TOOMANYREQUESTS' },
  TAG_INVALID: { status: 400, code: 'MANIFEST_INVALID' },
  PARAMETER_INVALID: { status: 400, code: 'UNSUPPORTED' },
  RANGE_INVALID: { status: 400, code: 'BLOB_UPLOAD_INVALID' },
  RANGE_UNSATISFIABLE: { status: 416, code: 'BLOB_UPLOAD_INVALID' },
  TOO_LARGE: { status: 413, code: 'SIZE_INVALID' },
  TOO_MANY_TAGS: { status: 414, code: 'UNSUPPORTED' },
  NOT_FOUND: { status: 404, code: 'UNSUPPORTED' },
  CONFLICT: { status: 409, code: 'DENIED' },
  NO_SPACE: { status: 507, code: 'UNAVAILABLE' },
  UNAVAILABLE: { status: 503, code: 'UNAVAILABLE' },
};

/** An error in the form of the distribution-spec. */
export interface OciError {
  readonly status: number;
  readonly body: {
    readonly errors: readonly { readonly code: string; readonly message: string; readonly detail?: unknown }[];
  };
}

/** Clients read 8 KiB of an error; so many entries of 280 bytes, with sha512 digests, fit into it. */
const maxMissingBlobs = 24;

/**
 * The wire form of a refusal. 401 and 403 always carry a detail: Docker retries for 75 seconds without one. 429 never
 * does, and has the message by which Docker knows to retry. A list of missing blobs becomes one error each, up to a bound.
 */
export function toOciError(error: RegistryError): OciError {
  const { status, code } = forms[error.code];
  if (code === 'TOOMANYREQUESTS') return { status, body: { errors: [{ code, message: 'too many requests' }] } };
  if (code === 'MANIFEST_BLOB_UNKNOWN' && Array.isArray(error.detail)) {
    const missing = error.detail.slice(0, maxMissingBlobs);
    return { status, body: { errors: missing.map((detail: unknown) => ({ code, message: error.message, detail })) } };
  }
  const needsDetail = status === 401 || status === 403;
  const detail = error.detail ?? (needsDetail ? { reason: error.message } : undefined);
  return { status, body: { errors: [{ code, message: error.message, ...(detail !== undefined && { detail }) }] } };
}

/** The answer to a failure that is not the client's, which tells nothing but where to look in the log. */
export function opaqueOciError(requestId: string): OciError {
  return {
    status: 500,
    body: { errors: [{ code: 'UNKNOWN', message: `Internal error, see the log for request ${requestId}` }] },
  };
}
