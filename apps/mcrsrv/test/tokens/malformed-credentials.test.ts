import { createOciClient, type OciResponse } from '@mcr/testkit';
import { afterAll, describe, expect, test } from 'vitest';
import { expectError } from '../_util/errors.ts';
import { failuresOf } from '../_util/log.ts';
import { testPassword } from '../_util/server.ts';
import { leavingNothing } from '../_util/traces.ts';
import { useServer } from '../_util/use-server.ts';

// Hundreds of wrong logins in a row are what this is about.
const server = useServer({ env: { MCR_LIMITS_FAILED_LOGINS: '0' } });

afterAll(() => {
  expect(failuresOf(server())).toEqual([]);
});

const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');

function get(authorization: string | null, query = ''): Promise<OciResponse> {
  return server().admin.request('GET', `/v2/token${query}`, { authorization });
}

function post(body: string | Uint8Array, type: string | null = 'application/x-www-form-urlencoded') {
  const headers = type === null ? {} : { 'content-type': type };
  return server().admin.request('POST', '/v2/token', { authorization: null, headers, body });
}

describe('Basic credentials are 401 when they have', () => {
  test.each([
    ['no value', 'Basic'],
    ['an empty value', 'Basic '],
    ['no base64', 'Basic !!!'],
    ['no colon', `Basic ${base64('admin')}`],
    ['no name', `Basic ${base64(`:${testPassword}`)}`],
    ['no password', `Basic ${base64('admin:')}`],
    ['nothing but a colon', `Basic ${base64(':')}`],
    ['a NUL in the name', `Basic ${base64(`admin\0:${testPassword}`)}`],
    ['a NUL at the end of the password', `Basic ${base64(`admin:${testPassword}\0`)}`],
    ['the name in upper case', `Basic ${base64(`ADMIN:${testPassword}`)}`],
    ['a space behind the name', `Basic ${base64(`admin :${testPassword}`)}`],
    ['a name that is a pattern', `Basic ${base64(`%:${testPassword}`)}`],
    ['SQL in the name', `Basic ${base64(`admin'--:${testPassword}`)}`],
    ['invalid UTF-8', `Basic ${base64(Buffer.from('adm\xffin:x', 'latin1'))}`],
    ['a name of 5,000 characters', `Basic ${base64(`${'a'.repeat(5_000)}:x`)}`],
    ['a password of 5,000 characters', `Basic ${base64(`admin:${'a'.repeat(5_000)}`)}`],
    ['another scheme', `Digest ${base64(`admin:${testPassword}`)}`],
    ['a token for a password', `Bearer ${base64(`admin:${testPassword}`)}`],
    ['two values', `Basic ${base64(`admin:${testPassword}`)} ${base64('a:b')}`],
  ])('%s', async (_, authorization) => {
    await leavingNothing(server(), async () => {
      expectError(await get(authorization), 401, 'UNAUTHORIZED');
    });
  });

  test('a password of any characters works, in whichever way a keyboard composes them, and no other does', async () => {
    const password = 'pässwörd: with : colons and ümläuts ';
    await server().addAccount('umlaut', { password });
    const login = (spelling: string) => get(`Basic ${base64(`umlaut:${spelling}`)}`);
    for (const same of [password, password.normalize('NFD')]) expect((await login(same)).status).toBe(200);
    for (const other of [password.trim(), password.toUpperCase(), password.replaceAll('ä', 'a'), `${password} `]) {
      expectError(await login(other), 401, 'UNAUTHORIZED');
    }
  });

  test('two headers at once are 400', async () => {
    const value = `Basic ${base64(`admin:${testPassword}`)}`;
    const response = await server().admin.request('GET', '/v2/token', {
      authorization: null,
      headers: { authorization: [value, value] },
    });
    expectError(response, 400, 'UNSUPPORTED');
  });
});

describe('a token form', () => {
  const fields = `grant_type=password&username=admin&password=${encodeURIComponent(testPassword)}`;

  test.each([
    ['of JSON', '{"grant_type":"password"}', 'application/json'],
    ['without a type', fields, null],
    ['of several parts', fields, 'multipart/form-data; boundary=x'],
    ['of plain text', fields, 'text/plain'],
    ['of a type that only begins alike', fields, 'application/x-www-form-urlencoded-not'],
  ])('%s is 400', async (_, body, type) => {
    await leavingNothing(server(), async () => {
      expectError(await post(body, type), 400, 'UNSUPPORTED');
    });
  });

  test.each([
    ['with nothing in it', '', 404],
    ['without a password', 'grant_type=password&username=admin', 401],
    ['without a name', 'grant_type=password&password=x', 401],
    ['with an empty name', 'grant_type=password&username=&password=x', 401],
    ['with NULs', 'grant_type=password&username=admin%00&password=x%00', 401],
    ['with broken percent-encodings', 'grant_type=password&username=%zz%&password=%', 401],
    ['with invalid UTF-8', 'grant_type=password&username=%ff&password=%fe', 401],
  ])('%s is rejected: %j is %d', async (_, body, status) => {
    await leavingNothing(server(), async () => {
      expectError(await post(body), status, status === 404 ? 'UNSUPPORTED' : 'UNAUTHORIZED');
    });
  });

  test('of more than 16 KiB is 413', async () => {
    expectError(await post(`${fields}&scope=${'a'.repeat(16_384)}`), 413, 'SIZE_INVALID');
  });

  test('of almost 16 KiB works', async () => {
    expect((await post(`${fields}&scope=${'a'.repeat(16_000)}`)).status).toBe(200);
  });
});

describe('scopes are never an error', () => {
  test.each([
    'repository::pull',
    'repository:../..:pull',
    'repository:a:pull:push:x',
    ':::::',
    'repository:A B:pull',
    '%00',
    '%ff%fe',
    '%',
    '{"$ne":1}',
    'x'.repeat(7_000),
  ])('%s', async (scope) => {
    const response = await get(`Basic ${base64(`admin:${testPassword}`)}`, `?scope=${scope.replaceAll(' ', '%20')}`);
    expect(response.status, response.text()).toBe(200);
    await using client = createOciClient({ baseUrl: server().baseUrl, ca: server().ca, token: response.json().token });
    expectError(await client.tags('app'), 404, 'NAME_UNKNOWN');
  });
});
