import { RegistryError } from '@mcr/core';
import { retryAfter } from '@mcr/server-kit';
import type { Locations } from '../http/locations.ts';
import { type ErrorResponse, forms, jsonError, opaqueMessage } from './forms.ts';

/** The APIs of the public listener, which tell errors in a form of their own. */
type HttpApi = 'oci' | 'rest';

/** An error of `/v2`: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes */
interface OciError {
  readonly code: string;
  readonly message: string;
  readonly detail?: unknown;
}

/** What rendering an error takes beside the error. */
interface ErrorSurroundings {
  readonly api: HttpApi;
  readonly requestId: string;
  readonly locations: Locations;
}

/** Of a 429 or 503 that does not say. Clients that honor `Retry-After` expect 1 to 3 seconds. */
const defaultRetryMs = 1_000;
/** Clients read 8 KiB of an error; so many entries of 280 bytes, with sha512 digests, fit into it. */
const maxMissingBlobs = 24;

/** The API that a path belongs to; what belongs to neither is told in the form of `/v2`. */
export function apiOf(path: string): HttpApi {
  return path.startsWith('/v1/') ? 'rest' : 'oci';
}

/** Renders what a handler threw: a `RegistryError` with its message and facts, anything else opaquely, as a 500. */
export function renderError(error: unknown, { api, requestId, locations }: ErrorSurroundings): ErrorResponse {
  if (!(error instanceof RegistryError)) return jsonError(500, plainBody(api, 'UNKNOWN', opaqueMessage(requestId)));
  const body = api === 'rest' ? restBody(error) : ociBody(error);
  return jsonError(statusOf(error), body, headersOf(error, locations));
}

/** The body that says why a request was rejected before it reached a route. */
export function rejectionBody(message: string, api: HttpApi): string {
  return JSON.stringify(plainBody(api, 'UNSUPPORTED', message));
}

/** The status of an error in `/v2` and `/v1`. */
export function statusOf({ code }: RegistryError): number {
  return forms[code].status;
}

/**
 * The body of an error of `/v2`. 401 and 403 always carry a detail: Docker retries for 75 seconds without one. 429 never
 * does, and has the message by which Docker knows to retry. A list of missing blobs becomes one error each, up to a bound.
 */
export function ociBody(error: RegistryError): { readonly errors: readonly OciError[] } {
  const { status, oci: code } = forms[error.code];
  const { message } = error;
  if (code === 'TOOMANYREQUESTS') return { errors: [{ code, message: 'too many requests' }] };
  if (code === 'MANIFEST_BLOB_UNKNOWN' && Array.isArray(error.detail)) {
    const missing = error.detail.slice(0, maxMissingBlobs);
    return { errors: missing.map((detail: unknown) => ({ code, message, detail })) };
  }
  const needsDetail = status === 401 || status === 403;
  const detail = error.detail ?? (needsDetail ? { reason: message } : undefined);
  return { errors: [{ code, message, ...(detail !== undefined && { detail }) }] };
}

/** The body of an error of the admin API, with the error's detail beside its message where there is one. */
function restBody({ message, detail }: RegistryError): { readonly error: string; readonly detail?: unknown } {
  return { error: message, ...(detail !== undefined && { detail }) };
}

/** The headers that the facts of an error become. */
function headersOf(error: RegistryError, locations: Locations): Readonly<Record<string, string>> {
  const { allowedMethods, upload, contentSize } = error.facts;
  const status = statusOf(error);
  const retryMs = error.facts.retryAfterMs ?? (status === 429 || status === 503 ? defaultRetryMs : undefined);
  return {
    ...(retryMs !== undefined && { 'Retry-After': String(retryAfter(retryMs)) }),
    ...(allowedMethods !== undefined && { Allow: allowedMethods.join(', ') }),
    ...(contentSize !== undefined && { 'Content-Range': `bytes */${contentSize}` }),
    ...(upload !== undefined && locations.upload(upload)),
  };
}

function plainBody(api: HttpApi, code: string, message: string): unknown {
  return api === 'rest' ? { error: message } : { errors: [{ code, message }] };
}
