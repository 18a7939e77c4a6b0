import { timestampMs } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import { describe, expect, test } from 'vitest';
import { useDoors } from '../_util/doors.ts';
import { clientsOver, expectRefusal, rpcClients, rpcTransport } from '../_util/rpc.ts';
import { testPassword } from '../_util/server.ts';

const doors = useDoors();
const login = (username: string, password = testPassword) => doors().rpc('nobody').auth.login({ username, password });

describe('Login', () => {
  test('gives a token that works, says when it ends and whose it is', async () => {
    const { token, expiresAt, principal } = await login('person');
    expect(principal).toMatchObject({ id: doors().id('person'), username: 'person', accountType: 'human', roles: [] });
    const me = await rpcClients(doors().server, token).auth.whoAmI({});
    expect(me.principal).toEqual(principal);
    expect(me.expiresAt).toEqual(expiresAt);
    expect(timestampMs(expiresAt!)).toBeGreaterThan(Date.now());
    expect((await doors().server.audit('login'))[0]).toMatchObject({ actor: { name: 'person', ip: '127.0.0.1' } });
  });

  test.each([
    ['a wrong password', 'person', 'wrong'],
    ['an unknown account', 'who', testPassword],
    ['nothing', '', ''],
    ['a username beyond all', 'x'.repeat(300), testPassword],
    ['a password beyond all', 'person', 'x'.repeat(5_000)],
  ])('refuses %s with one and the same message', async (_name, username, password) => {
    const message = await expectRefusal(login(username, password), Code.Unauthenticated, 'UNAUTHORIZED');
    expect(message).toBe('The username or the password is wrong');
    expect((await doors().server.audit('login_failed'))[0]).toMatchObject({ actor: { name: username.slice(0, 256) } });
  });
});

describe('WhoAmI', () => {
  test('answers every account', async () => {
    const { principal } = await doors().rpc('machine').auth.whoAmI({});
    expect(principal).toMatchObject({ username: 'machine', accountType: 'system' });
  });

  test.each([
    ['nothing', undefined, 'Log in first: this needs a token'],
    ['an empty header', '', 'The Authorization header must be: Bearer <token>'],
    ['a token without a scheme', 'abc', 'The Authorization header must be: Bearer <token>'],
    ['Basic credentials', 'Basic YWRtaW46YWRtaW4=', 'The Authorization header must be: Bearer <token>'],
    ['an empty token', 'Bearer ', 'The Authorization header must be: Bearer <token>'],
    ['two tokens', 'Bearer a, Bearer b', 'The Authorization header must be: Bearer <token>'],
    ['an endless token', `Bearer ${'a'.repeat(8_200)}`, 'The Authorization header must be: Bearer <token>'],
    ['a made-up token', 'Bearer abc', expect.stringContaining('token')],
  ])('refuses %s', async (_name, authorization, expected) => {
    const { auth } = clientsOver(rpcTransport(doors().server, authorization));
    expect(await expectRefusal(auth.whoAmI({}), Code.Unauthenticated, 'UNAUTHORIZED')).toEqual(expected);
  });
});

describe('Logout', () => {
  test('makes this token worthless, in both doors', async () => {
    const { token } = await login('person');
    const { auth } = rpcClients(doors().server, token);
    const rest = doors().server.client({ token });
    expect((await rest.request('GET', '/v1/auth/whoami')).status).toBe(200);
    await auth.logout({});
    await expectRefusal(auth.whoAmI({}), Code.Unauthenticated, 'UNAUTHORIZED');
    await expectRefusal(auth.logout({}), Code.Unauthenticated, 'UNAUTHORIZED');
    expect((await rest.request('GET', '/v1/auth/whoami')).status).toBe(401);
    expect((await doors().rpc('person').auth.whoAmI({})).principal?.username).toBe('person');
  });
});
