/**
 * Every way in which the registry rejects. Transports map each code to their own wire form by an exhaustive table
 * (OCI, REST, Connect), so that adding a code is a compile error until all three know it.
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
  // conditions for which the OCI table has no code of its own
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

/** Where an upload stands. */
export interface UploadPosition {
  readonly repository: string;
  readonly id: string;
  /** Bytes that the registry has, counted from the start. */
  readonly offset: number;
}

/** Facts that an error may carry beside its code and message. Each transport gives them its own form. */
export interface ErrorFacts {
  /** When the same request may succeed, milliseconds from now. */
  readonly retryAfterMs?: number;
  /** The methods that are allowed in place of the one that was used; empty where none is. */
  readonly allowedMethods?: readonly string[];
  /** The upload that a part did not continue. */
  readonly upload?: UploadPosition;
  /** Size of the content that has no byte of the range that was asked for. */
  readonly contentSize?: number;
}

/** What an error carries beside its code and message. */
export interface RegistryErrorOptions extends ErrorFacts {
  /** For the client, shown on the wire as it is; never a secret, never a driver's message. */
  readonly detail?: unknown;
  /** The error underneath, for the log only. */
  readonly cause?: unknown;
}

/** The one domain error. `message` is a sentence for a person and says what to do where that helps. */
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
