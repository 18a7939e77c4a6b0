import type { OciResponse } from '@mcr/testkit';
import { expect } from 'vitest';

/** Codes that the distribution-spec lists, and the two that clients know for 5xx. */
const codes = [
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
  'UNAVAILABLE',
  'UNKNOWN',
];

/** One entry of an error body. */
export interface OciErrorEntry {
  readonly code: string;
  readonly message: string;
  readonly detail?: unknown;
}

/** Expects this status and, in the form of the distribution-spec, this code; gives the first error. */
export function expectError(response: OciResponse, status: number, code: string): OciErrorEntry {
  expect(response.status, response.text().slice(0, 500)).toBe(status);
  expect(response.header('content-type')).toBe('application/json');
  expect(response.header('content-length')).toBe(String(response.body.length));
  const { errors, ...rest } = response.json() as { errors: OciErrorEntry[] };
  expect(rest).toEqual({});
  expect(errors.length).toBeGreaterThan(0);
  for (const error of errors) {
    expect(error).toEqual({
      code: expect.any(String),
      message: expect.stringMatching(/\S.*[^.\s]$/),
      ...('detail' in error && { detail: error.detail }),
    });
    expect(codes).toContain(error.code);
    if (status === 401 || status === 403) expect(error.detail, 'a detail, or Docker retries').toBeTruthy();
  }
  expect(response.body.length).toBeLessThanOrEqual(8_192);
  expect(errors[0]!.code).toBe(code);
  return errors[0]!;
}

/** Expects this status without a body, as for HEAD. */
export function expectBodyless(response: OciResponse, status: number): void {
  expect(response.status).toBe(status);
  expect(response.body.length).toBe(0);
}
