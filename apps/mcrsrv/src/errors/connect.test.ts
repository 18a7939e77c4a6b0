import { Code, ConnectError } from '@connectrpc/connect';
import { RegistryError, type RegistryErrorCode, registryErrorCodes } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import { errorCodeHeader, toConnectError } from './connect.ts';
import { statusOf } from './http.ts';

describe('toConnectError', () => {
  test.each<[RegistryErrorCode, Code]>([
    ['UNAUTHORIZED', Code.Unauthenticated],
    ['DENIED', Code.PermissionDenied],
    ['NAME_UNKNOWN', Code.NotFound],
    ['MANIFEST_UNKNOWN', Code.NotFound],
    ['NOT_FOUND', Code.NotFound],
    ['PARAMETER_INVALID', Code.InvalidArgument],
    ['NAME_INVALID', Code.InvalidArgument],
    ['TAG_INVALID', Code.InvalidArgument],
    ['DIGEST_INVALID', Code.InvalidArgument],
    ['CONFLICT', Code.AlreadyExists],
    ['UNSUPPORTED', Code.Unimplemented],
    ['TOOMANYREQUESTS', Code.ResourceExhausted],
    ['UNAVAILABLE', Code.Unavailable],
    ['NO_SPACE', Code.ResourceExhausted],
  ])('renders %s as code %i', (code, expected) => {
    const error = toConnectError(new RegistryError(code, 'What to do'), 'r1');
    expect(error).toMatchObject({ code: expected, rawMessage: 'What to do' });
    expect(error.metadata.get(errorCodeHeader)).toBe(code);
  });

  const classes: Readonly<Partial<Record<number, readonly Code[]>>> = {
    400: [Code.InvalidArgument],
    401: [Code.Unauthenticated],
    403: [Code.PermissionDenied],
    404: [Code.NotFound],
    405: [Code.Unimplemented],
    409: [Code.AlreadyExists],
    413: [Code.ResourceExhausted],
    414: [Code.InvalidArgument],
    416: [Code.OutOfRange],
    429: [Code.ResourceExhausted],
    503: [Code.Unavailable],
    507: [Code.ResourceExhausted],
  };

  test.each(registryErrorCodes)('renders %s as REST does', (code) => {
    const error = new RegistryError(code, 'No');
    expect(classes[statusOf(error)]).toContain(toConnectError(error, 'r1').code);
  });

  test('keeps detail, cause and the facts of HTTP to itself', () => {
    const cause = new Error('SELECT * FROM accounts');
    const options = { detail: { secret: 1 }, cause, allowedMethods: ['GET'], contentSize: 1 };
    const error = toConnectError(new RegistryError('CONFLICT', 'No', options), 'r1');
    expect(error.details).toEqual([]);
    expect(error.cause).toBeUndefined();
    expect([...error.metadata]).toEqual([[errorCodeHeader, 'CONFLICT']]);
  });

  test('tells when to try again', () => {
    const error = toConnectError(new RegistryError('TOOMANYREQUESTS', 'No', { retryAfterMs: 6_001 }), 'r1');
    expect(error.metadata.get('retry-after')).toBe('7');
  });

  test.each([new Error('SELECT * FROM accounts'), 'a text', undefined, { code: 'SQLITE_BUSY' }])(
    'tells of %o only where to look',
    (thrown) => {
      const error = toConnectError(thrown, 'r1');
      expect(error).toMatchObject({ code: Code.Internal, rawMessage: 'Internal error, see the log for request r1' });
      expect(error.cause).toBeUndefined();
    },
  );

  test('leaves an error of the protocol as it is', () => {
    const error = new ConnectError('too late', Code.DeadlineExceeded);
    expect(toConnectError(error, 'r1')).toBe(error);
  });
});
