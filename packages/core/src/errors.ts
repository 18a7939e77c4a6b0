/**
 * All reasons for which the registry rejects a request. Each transport (OCI, REST, Connect) maps them to its own form
 * by an exhaustive table, so that adding a code is a compile error until all three have it.
 */
export const registryErrorCodes = [
  // OCI distribution-spec, "Error Codes"
  'BLOB_UNKNOWN',
  'BLOB_UPLOAD_INVALID',
  'BLOB_UPLOAD_UNKNOWN',
  'DIGEST_INVALID',
  'MANIFEST_BLOB_UNKNOWN',
  'MANIFEST_INVALID',
  'MANIFEST_UNKNOWN',
  'NAME_INVALID',
  'NAME_UNKNOWN',
  'SIZE_INVALID',
  'UNAUTHORIZED',
  'DENIED',
  'UNSUPPORTED',
  'TOOMANYREQUESTS',
  // conditions for which the OCI table has no code
  'TAG_INVALID',
  'PARAMETER_INVALID',
  'RANGE_INVALID',
  'RANGE_UNSATISFIABLE',
  'TOO_LARGE',
  'TOO_MANY_TAGS',
  'NOT_FOUND',
  'CONFLICT',
  'NO_SPACE',
  'UNAVAILABLE',
] as const;

/** One of {@link registryErrorCodes}. */
export type RegistryErrorCode = (typeof registryErrorCodes)[number];

/** The state of an upload. */
export interface UploadPosition {
  readonly repository: string;
  readonly id: string;
  /** Number of bytes received. */
  readonly offset: number;
}

/** Facts of an error beside its code and message. Each transport renders them in its own form. */
export interface ErrorFacts {
  /** Milliseconds from now after which the same request may succeed. */
  readonly retryAfterMs?: number;
  /** The methods that are allowed instead of the one used; empty if none is. */
  readonly allowedMethods?: readonly string[];
  /** The upload that a chunk did not continue. */
  readonly upload?: UploadPosition;
  /** Size of the content for which the requested range is unsatisfiable. */
  readonly contentSize?: number;
}

/** Properties of an error beside its code and message. */
export interface RegistryErrorOptions extends ErrorFacts {
  /** For the client, sent as it is; never a secret, never a driver's message. */
  readonly detail?: unknown;
  /** The underlying error, for the log only. */
  readonly cause?: unknown;
}

/** The only domain error. `message` is a sentence for a person that says what to do where that helps. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: RegistryErrorCode;
  readonly detail: unknown;
  readonly facts: ErrorFacts;

  constructor(code: RegistryErrorCode, message: string, options: RegistryErrorOptions = {}) {
    const { detail, cause, ...facts } = options;
    super(message, 'cause' in options ? { cause } : undefined);
    this.code = code;
    this.detail = detail;
    this.facts = facts;
  }
}
