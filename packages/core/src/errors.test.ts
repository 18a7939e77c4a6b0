import { describe, expect, test } from 'vitest';
import { RegistryError, registryErrorCodes } from './errors.ts';

describe('RegistryError', () => {
  test('has code, message, detail, cause and facts', () => {
    const cause = new Error('underneath');
    const error = new RegistryError('RANGE_UNSATISFIABLE', 'Send the chunk that follows', {
      detail: { offset: 5 },
      cause,
      retryAfterMs: 500,
      allowedMethods: ['GET'],
      upload: { repository: 'app', id: 'id', offset: 5 },
      contentSize: 9,
    });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'RegistryError',
      code: 'RANGE_UNSATISFIABLE',
      message: 'Send the chunk that follows',
      detail: { offset: 5 },
      cause,
      facts: {
        retryAfterMs: 500,
        allowedMethods: ['GET'],
        upload: { repository: 'app', id: 'id', offset: 5 },
        contentSize: 9,
      },
    });
  });

  test('has no cause, no detail and no facts by default', () => {
    const error = new RegistryError('DENIED', 'You may not push');
    expect(Object.hasOwn(error, 'cause')).toBe(false);
    expect(error.detail).toBeUndefined();
    expect(error.facts).toEqual({});
  });
});

describe('registryErrorCodes', () => {
  test.each([
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
  ])('has %s of the distribution-spec', (code) => {
    expect(registryErrorCodes).toContain(code);
  });

  test('names every code once, in upper case', () => {
    expect(new Set(registryErrorCodes).size).toBe(registryErrorCodes.length);
    for (const code of registryErrorCodes) expect(code).toMatch(/^[A-Z_]+$/);
  });
});
