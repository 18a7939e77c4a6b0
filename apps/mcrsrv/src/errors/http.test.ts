import { type ErrorFacts, RegistryError, type RegistryErrorCode, registryErrorCodes } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import { Locations } from '../http/locations.ts';
import { errorCodeHeader, toConnectError } from './connect.ts';
import { apiOf, ociBody, rejectionBody, renderError, statusOf } from './http.ts';

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

describe('an error of /v2', () => {
  test.each(registryErrorCodes)('%s has a code of the spec and a status of its class', (code) => {
    const error = new RegistryError(code, 'a message', { detail: { a: 1 } });
    const status = statusOf(error);
    expect(specCodes).toContain(ociBody(error).errors[0]?.code);
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
    expect(statusOf(new RegistryError(code, 'a message'))).toBe(status);
  });

  test.each(['UNAUTHORIZED', 'DENIED'] as const)('%s has a detail even when none was given', (code) => {
    expect(ociBody(new RegistryError(code, 'why')).errors[0]?.detail).toEqual({ reason: 'why' });
  });

  test('any other has none then', () => {
    expect(ociBody(new RegistryError('NAME_UNKNOWN', 'why'))).toEqual({
      errors: [{ code: 'NAME_UNKNOWN', message: 'why' }],
    });
  });

  test('TOOMANYREQUESTS has the default message and no detail, whatever it came with', () => {
    const error = new RegistryError('TOOMANYREQUESTS', 'slow down', { detail: { queue: 9 } });
    expect(ociBody(error)).toEqual({ errors: [{ code: 'TOOMANYREQUESTS', message: 'too many requests' }] });
  });

  test('each missing blob is an error of its own, as many as clients can read', () => {
    const details = Array.from({ length: 30 }, (_, at) => ({ digest: `sha512:${String(at).padStart(128, '0')}` }));
    const { errors } = ociBody(new RegistryError('MANIFEST_BLOB_UNKNOWN', 'missing', { detail: details }));
    expect(errors).toEqual(
      details.slice(0, 24).map((detail) => ({ code: 'MANIFEST_BLOB_UNKNOWN', message: 'missing', detail })),
    );
  });
});

const surroundings = { requestId: 'the-id', locations: new Locations('https://registry.example.net') };

describe('what is no RegistryError tells the request and nothing else', () => {
  const message = 'Internal error, see the log for request the-id';

  test.each([
    ['oci', { errors: [{ code: 'UNKNOWN', message }] }],
    ['rest', { error: message }],
  ] as const)('%s', (api, body) => {
    const text = JSON.stringify(body);
    expect(renderError(new Error('SELECT * FROM accounts'), { ...surroundings, api })).toEqual({
      status: 500,
      headers: { 'Content-Type': 'application/json', 'Content-Length': String(text.length) },
      body: text,
    });
  });
});

describe('the facts of an error', () => {
  const upload = { repository: 'team/app', id: 'the-upload', offset: 10 };
  const headers = {
    Location: 'https://registry.example.net/v2/team/app/blobs/uploads/the-upload',
    Range: '0-9',
    'Docker-Upload-UUID': 'the-upload',
  };

  test.each<[fact: string, RegistryErrorCode, ErrorFacts, http: object, rpc: object]>([
    ['none', 'CONFLICT', {}, {}, {}],
    ['a wait of no time', 'CONFLICT', { retryAfterMs: 0 }, { 'Retry-After': '1' }, { 'retry-after': '1' }],
    ['a wait of a second', 'CONFLICT', { retryAfterMs: 1_000 }, { 'Retry-After': '1' }, { 'retry-after': '1' }],
    [
      'a wait that has begun',
      'TOOMANYREQUESTS',
      { retryAfterMs: 1_001 },
      { 'Retry-After': '2' },
      { 'retry-after': '2' },
    ],
    ['a wait of a 503', 'UNAVAILABLE', { retryAfterMs: 9_000 }, { 'Retry-After': '9' }, { 'retry-after': '9' }],
    ['a 429 without a wait', 'TOOMANYREQUESTS', {}, { 'Retry-After': '1' }, {}],
    ['a 503 without a wait', 'UNAVAILABLE', {}, { 'Retry-After': '1' }, {}],
    ['a 507 without a wait', 'NO_SPACE', {}, {}, {}],
    ['methods', 'UNSUPPORTED', { allowedMethods: ['GET', 'HEAD', 'PUT'] }, { Allow: 'GET, HEAD, PUT' }, {}],
    ['no method', 'UNSUPPORTED', { allowedMethods: [] }, { Allow: '' }, {}],
    ['a size', 'RANGE_UNSATISFIABLE', { contentSize: 99 }, { 'Content-Range': 'bytes */99' }, {}],
    ['an empty blob', 'RANGE_UNSATISFIABLE', { contentSize: 0 }, { 'Content-Range': 'bytes */0' }, {}],
    ['an upload', 'RANGE_UNSATISFIABLE', { upload }, headers, {}],
    ['an empty upload', 'RANGE_UNSATISFIABLE', { upload: { ...upload, offset: 0 } }, { ...headers, Range: '0-0' }, {}],
  ])('%s becomes headers of /v2 and /v1, and metadata of a call', (_, code, facts, http, rpc) => {
    const error = new RegistryError(code, 'No', facts);
    for (const api of ['oci', 'rest'] as const) {
      const { body, headers } = renderError(error, { ...surroundings, api });
      const common = { 'Content-Type': 'application/json', 'Content-Length': String(body.length) };
      expect(headers).toEqual({ ...common, ...http });
    }
    expect(Object.fromEntries(toConnectError(error, 'the-id').metadata)).toEqual({ [errorCodeHeader]: code, ...rpc });
  });
});

describe('a request that was rejected before it reached a route', () => {
  test.each([
    ['/v2/', { errors: [{ code: 'UNSUPPORTED', message: 'No' }] }],
    ['/', { errors: [{ code: 'UNSUPPORTED', message: 'No' }] }],
    ['/v1/accounts', { error: 'No' }],
  ] as const)('%s gets the error in the form of its API', (path, body) => {
    expect(rejectionBody('No', apiOf(path))).toBe(JSON.stringify(body));
  });
});
