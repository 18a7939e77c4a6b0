import type { Transport } from '@connectrpc/connect';
import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ManualClock } from '../_util/manual-clock.ts';
import { rpcTransport } from '../_util/rpc.ts';
import { testPassword } from '../_util/server.ts';
import { exchange, masked } from './_exchange.ts';
import type { Request } from './_rows.ts';
import { createWorld, type World } from './_world.ts';

const cleanup = new AsyncDisposableStack();
let world: World;
let transport: Transport;
beforeAll(async () => {
  world = cleanup.use(await createWorld({ overrides: { clock: new ManualClock() } }));
  transport = rpcTransport(world.server);
});
afterAll(() => cleanup[Symbol.asyncDispose]());

/** Every way to log in. */
const ways: Record<string, (username: string, password: string) => Request> = {
  'GET /v2/token': (username, password) => ({
    method: 'GET',
    path: '/v2/token?service=mcr',
    headers: { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
  }),
  'POST /v2/token': (username, password) => ({
    method: 'POST',
    path: '/v2/token',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'password', username, password }).toString(),
  }),
  'POST /v1/auth/login': (username, password) => ({
    method: 'POST',
    path: '/v1/auth/login',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username, password }),
  }),
  'AuthService.Login': (username, password) => ({ method: AuthService.method.login, input: { username, password } }),
};

const anonymous = { headers: {} };

describe('CVE-2019-19030, CVE-2020-13794, CVE-2025-69413: a login tells nothing about accounts', () => {
  test.each(Object.entries(ways))('by %s', async (_, login) => {
    const attempt = async (username: string, password: string) => {
      world.calls.length = 0;
      const response = await exchange(world.server, transport, login(username, password), anonymous);
      return { response: masked(response, []), work: [...world.calls] };
    };
    const wrong = await attempt('person', 'a wrong password');
    expect(wrong.response).toMatch(/^HTTP\/1\.1 401 |^\{"code":16,/);
    expect(wrong.work).toEqual(expect.arrayContaining(['accounts.findByName', 'audit.append']));
    expect(await attempt('unknown', 'a wrong password')).toEqual(wrong);
    expect(await attempt('disabled', testPassword)).toEqual(wrong);
    expect(await attempt('deleted', testPassword)).toEqual(wrong);
  });

  test.each(Object.entries(ways))('CVE-2026-58422: and enables none that is disabled, by %s', async (_, login) => {
    const { store } = world.server.context.services;
    const before = await store.accounts.findByName('disabled');
    expect(before).toMatchObject({ enabled: false, roles: ['admin'] });
    await exchange(world.server, transport, login('disabled', testPassword), anonymous);
    expect(await store.accounts.findByName('disabled')).toEqual(before);
  });

  test('and is slowed down alike, whether or not the account exists', async () => {
    const responses = async (username: string) => {
      const all: string[] = [];
      for (let time = 0; time < 8; time += 1) {
        const request = ways['POST /v1/auth/login']!(username, 'a wrong password');
        const response = masked(await exchange(world.server, transport, request, anonymous), []);
        all.push(response.replaceAll(/\b\d+ s(?:econds?)?\b|Retry-After: \d+/gi, 'A WHILE'));
      }
      return all;
    };
    const known = await responses('reader');
    expect(known.at(-1)).toMatch(/^HTTP\/1\.1 429 /);
    expect(await responses('stranger')).toEqual(known);
  });
});
