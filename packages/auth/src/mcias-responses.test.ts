import { describe, expect, test } from 'vitest';
import { loginResponse, readResponse, validateResponse } from './mcias-responses.ts';

const at = Date.UTC(2030, 0, 1);
const login = { token: 'abc', expires_at: '2030-01-01T00:00:00Z' };
const validated = { valid: true, sub: 'id', account_type: 'human', roles: ['user'], expires_at: login.expires_at };

const read = (patch: object) => readResponse(validateResponse, JSON.stringify({ ...validated, ...patch }));

describe('expires_at', () => {
  test.each<[string, unknown, number]>([
    ['RFC 3339 in UTC', '2030-01-01T00:00:00Z', at],
    ['RFC 3339 with milliseconds', '2030-01-01T00:00:00.250Z', at + 250],
    ["RFC 3339 with Go's nanoseconds", '2030-01-01T00:00:00.123456789Z', at + 123],
    ['RFC 3339 with an offset', '2030-01-01T02:00:00+02:00', at],
    ['seconds since the epoch', at / 1000, at],
    ['seconds with a fraction', at / 1000 + 0.5, at + 500],
  ])('is read from %s', (_what, text, ms) => {
    expect(readResponse(loginResponse, JSON.stringify({ ...login, expires_at: text })).expires_at).toBe(ms);
  });

  test.each<[string, unknown]>([
    ['absent', undefined],
    ['null', null],
    ['empty', ''],
    ['a word', 'tomorrow'],
    ['a day that does not exist', '2030-02-30T00:00:00Z'],
    ['a time without a zone', '2030-01-01T00:00:00'],
    ['milliseconds since the epoch', at],
    ['zero', 0],
    ['negative', -1],
  ])('is rejected if it is %s', (_what, value) => {
    const text = JSON.stringify({ ...login, expires_at: value });
    expect(() => readResponse(loginResponse, text)).toThrow(/does not match the contract \(expires_at: /);
  });
});

describe('the response to validate', () => {
  test('may have more fields than we know', () => {
    expect(read({ email: 'a@example', nested: { x: 1 } })).toEqual({ ...validated, expires_at: at });
  });

  test.each([
    { username: null },
    { roles: null },
    { account_type: null },
    { username: '' },
    { username: undefined, roles: undefined, account_type: undefined },
    { account_type: { kind: 'robot' } },
  ])('may have %o', (patch) => {
    expect(read(patch)).toMatchObject({ valid: true, sub: 'id' });
  });

  test('needs nothing else if the token is invalid', () => {
    expect(readResponse(validateResponse, '{"valid":false,"error":"revoked"}')).toEqual({ valid: false });
  });

  test.each<[string, object]>([
    ['valid', { valid: undefined }],
    ['valid', { valid: 'true' }],
    ['valid', { valid: 1 }],
    ['sub', { sub: undefined }],
    ['sub', { sub: '' }],
    ['sub', { sub: 7 }],
    ['sub', { sub: 'x'.repeat(257) }],
    ['username', { username: 7 }],
    ['roles', { roles: 'admin' }],
    ['roles.0', { roles: [{ name: 'admin' }] }],
    ['roles', { roles: Array.from({ length: 101 }, () => 'r') }],
    ['expires_at', { expires_at: undefined }],
  ])('is rejected for its %s: %o', (field, patch) => {
    expect(() => read(patch)).toThrow(`does not match the contract (${field}: `);
  });
});

test.each(['', 'null', '[]', '"x"', '7', '{"token":', '<html>', '\u{feff}{}'])('%j is not a response', (text) => {
  expect(() => readResponse(loginResponse, text)).toThrow(/^the response (?:is not JSON|does not match the contract)/);
});

test.each(['', 'two words', 'line\nbreak', 'x'.repeat(8193), 7, null])('%j is not a token', (token) => {
  expect(() => readResponse(loginResponse, JSON.stringify({ ...login, token }))).toThrow(/\(token: /);
});
