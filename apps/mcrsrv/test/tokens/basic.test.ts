import { Code } from '@connectrpc/connect';
import { digestOf } from '@mcr/core';
import type { OciResponse } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { challengeOf } from '../_util/challenge.ts';
import { expectError } from '../_util/errors.ts';
import { seedImage } from '../_util/images.ts';
import { ManualClock } from '../_util/manual-clock.ts';
import { clientsOver, rejection, rpcEnv } from '../_util/rpc.ts';
import { testPassword } from '../_util/server.ts';
import { openTransport, rpcTransports } from '../_util/transports.ts';
import { useServer } from '../_util/use-server.ts';

const clock = new ManualClock();
const server = useServer({ overrides: { clock }, env: rpcEnv });

const basic = (username: string, password = testPassword): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
const ask = (method: string, path: string, authorization: string, body?: string): Promise<OciResponse> =>
  server().admin.request(method, path, { authorization, ...(body !== undefined && { body }) });
const logins = async (username: string): Promise<number> =>
  (await server().audit('login')).filter(({ actor }) => actor.name === username).length;

describe('a name and a password with each request, as python-oras sends them, are a login', () => {
  test('with which images are pushed and pulled, and rules apply', async () => {
    const id = await server().addAccount('pusher');
    await seedImage(server(), 'team/app', ['v1']);
    const digest = digestOf('layer');
    const path = `/v2/team/app/blobs/uploads/?digest=${digest}`;
    expect((await ask('GET', '/v2/', basic('pusher'))).status).toBe(200);
    expect((await ask('POST', path, basic('pusher'), 'layer')).status).toBe(201);
    expect((await ask('GET', `/v2/team/app/blobs/${digest}`, basic('pusher'))).text()).toBe('layer');
    await server().addRule({ effect: 'deny', subject: id, repositories: ['team/*'] });
    expect((await ask('GET', '/v2/team/app/manifests/v1', basic('pusher'))).status).toBe(403);
  });

  test('that is one for half a minute, however many requests there are at the same time', async () => {
    await server().addAccount('busy');
    const many = () => Promise.all(Array.from({ length: 20 }, () => ask('GET', '/v2/', basic('busy'))));
    for (const response of [...(await many()), ...(await many())]) expect(response.status).toBe(200);
    expect(await logins('busy')).toBe(1);
    clock.advance(30_000);
    await many();
    expect(await logins('busy')).toBe(2);
  });

  test('that ends at once with the account, and with its password', async () => {
    const id = await server().addAccount('leaver');
    expect((await ask('GET', '/v2/', basic('leaver'))).status).toBe(200);
    const { accounts } = server().context.services.store;
    const change = { id, actor: {}, now: clock.now() };
    await accounts.update({ ...change, patch: { passwordHash: 'another' } });
    expect((await ask('GET', '/v2/', basic('leaver'))).status).toBe(401);
    await accounts.update({ ...change, patch: { enabled: false } });
    clock.advance(30_000);
    expect((await ask('GET', '/v2/', basic('leaver'))).status).toBe(401);
  });

  test('that the limits of logins count when it fails, each time', async () => {
    await server().addAccount('guessed');
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 7; attempt += 1) {
      statuses.push((await ask('GET', '/v2/', basic('guessed', `guess ${attempt}`))).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect((await ask('GET', '/v2/', basic('guessed'))).status).toBe(429);
  });

  test.each(['Basic', 'Basic ', 'Basic !', `Basic ${Buffer.from('no colon').toString('base64')}`])(
    'that %j is not',
    async (authorization) => {
      expectError(await ask('GET', '/v2/', authorization), 401, 'UNAUTHORIZED');
    },
  );
});

test('a challenge never offers it', async () => {
  for (const authorization of [basic('nobody', 'wrong'), 'Bearer x']) {
    const response = await ask('GET', '/v2/team/app/tags/list', authorization);
    challengeOf(response);
    expect(response.header('www-authenticate')).toMatch(/^Bearer /);
    expect(response.header('www-authenticate')).not.toMatch(/basic/i);
  }
});

test('the admin API takes no password with each request', async () => {
  for (const path of ['/v1/auth/whoami', '/v1/repositories', '/v1/openapi.json']) {
    expect((await ask('GET', path, basic('admin'))).status, path).toBe(401);
  }
  for (const transport of rpcTransports) {
    const { auth } = clientsOver(openTransport(transport, server(), basic('admin')));
    expect((await rejection(auth.whoAmI({}))).code, transport).toBe(Code.Unauthenticated);
  }
});
