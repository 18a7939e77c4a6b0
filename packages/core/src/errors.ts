/**
 * Every way in which the registry refuses. Transports map each code to their own wire form by an exhaustive table
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

/** What an error carries beside its code and message. */
export interface RegistryErrorOptions {
  /** Facts for the client, shown on the wire; never a secret, never a driver's message. */
  readonly detail?: unknown;
  /** The error underneath, for the log only. */
  readonly cause?: unknown;
  /** Extra response headers that belong to this refusal, such as `Range` on a 416. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The one domain error. `message` is a sentence for a person and says what to do where that helps. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly code: RegistryErrorCode;
  readonly detail: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: RegistryErrorCode, message: string, options: RegistryErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.detail = options.detail;
    this.headers = options.headers ?? {};
  }
}
