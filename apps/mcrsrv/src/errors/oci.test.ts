import { RegistryError, registryErrorCodes } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import { opaqueOciError, toOciError } from './oci.ts';

/** distribution-spec, "Error Codes", and what clients know for 5xx. */
const specCodes = new Set([
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
]);

describe('toOciError', () => {
  test.each(registryErrorCodes)('%s has a code of the spec and a status of its class', (code) => {
    const { status, body } = toOciError(new RegistryError(code, 'a message', { detail: { a: 1 } }));
    expect(specCodes).toContain(body.errors[0]?.code);
    expect(status >= 400 && status < 500).toBe(code !== 'UNAVAILABLE' && code !== 'NO_SPACE');
  });

  test.each([
    ['UNAUTHORIZED', 401],
    ['DENIED', 403],
    ['NAME_UNKNOWN', 404],
    ['UNSUPPORTED', 405],
    ['TOO_LARGE', 413],
    ['TOO_MANY_TAGS', 414],
    ['RANGE_UNSATISFIABLE', 416],
    ['TOOMANYREQUESTS', 429],
    ['UNAVAILABLE', 503],
    ['NO_SPACE', 507],
  ] as const)('%s is %d', (code, status) => {
    expect(toOciError(new RegistryError(code, 'a message')).status).toBe(status);
  });

  test.each(['UNAUTHORIZED', 'DENIED'] as const)('%s has a detail even when nobody gave one', (code) => {
    expect(toOciError(new RegistryError(code, 'why')).body.errors[0]?.detail).toEqual({ reason: 'why' });
  });

  test('any other has none then', () => {
    expect(toOciError(new RegistryError('NAME_UNKNOWN', 'why')).body).toEqual({
      errors: [{ code: 'NAME_UNKNOWN', message: 'why' }],
    });
  });

  test('TOOMANYREQUESTS has the default message and no detail, whatever it came with', () => {
    const error = new RegistryError('TOOMANYREQUESTS', 'slow down', { detail: { queue: 9 } });
    expect(toOciError(error).body).toEqual({ errors: [{ code: 'TOOMANYREQUESTS', message: 'too many requests' }] });
  });

  test('each missing blob is an error of its own, as many as clients can read', () => {
    const details = Array.from({ length: 30 }, (_, at) => ({ digest: `sha512:${String(at).padStart(128, '0')}` }));
    const { errors } = toOciError(new RegistryError('MANIFEST_BLOB_UNKNOWN', 'missing', { detail: details })).body;
    expect(errors).toEqual(
      details.slice(0, 24).map((detail) => ({ code: 'MANIFEST_BLOB_UNKNOWN', message: 'missing', detail })),
    );
  });
});

test('an opaque error tells the request and nothing else', () => {
  expect(opaqueOciError('the-id')).toEqual({
    status: 500,
    body: { errors: [{ code: 'UNKNOWN', message: 'Internal error, see the log for request the-id' }] },
  });
});
