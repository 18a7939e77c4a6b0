import { timestampMs } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import { describe, expect, test } from 'vitest';
import { tokenFor, useAdminApi } from '../_util/admin-api.ts';
import { clientsOver, expectRejection, type RpcClients } from '../_util/rpc.ts';
import { testPassword } from '../_util/server.ts';
import { families, openTransport } from '../_util/transports.ts';

describe.each(families)('sessions over %s', (transport) => {
  // A registry for each, since failed logins of one account count together.
  const api = useAdminApi();
  const login = (username: string, password = testPassword) =>
    api().over(transport, 'anonymous').auth.login({ username, password });
  const clients = (authorization?: string): RpcClients =>
    clientsOver(openTransport(transport, api().server, authorization));
  const isGood = async (token: string): Promise<boolean> => {
    const { status } = await api().server.client({ token }).request('GET', '/v1/auth/whoami');
    return status === 200;
  };

  test('begin with a username and a password, for a token that works', async () => {
    const { token, expiresAt } = await login('person');
    const me = await clients(`Bearer ${token}`).auth.whoAmI({});
    const person = { id: api().id('person'), username: 'person', accountType: 'human', roles: [] };
    expect(me.principal).toMatchObject(person);
    expect(me.expiresAt).toEqual(expiresAt);
    expect(timestampMs(expiresAt!)).toBeGreaterThan(Date.now());
    expect((await api().server.audit('login'))[0]).toMatchObject({ actor: { name: 'person', ip: '127.0.0.1' } });
  });

  test.each([
    ['a wrong password', 'person', 'not it'],
    ['an unknown account', 'no-such-account', testPassword],
    ['no username', '', testPassword],
    ['no password', 'person', ''],
    ['nothing', '', ''],
    ['a username that is none', "person' or 1=1", testPassword],
    ['a username longer than any', 'x'.repeat(300), testPassword],
    ['a password longer than any', 'person', 'x'.repeat(5_000)],
  ])('do not begin with %s, which all get one and the same message', async (_name, username, password) => {
    const message = await expectRejection(login(username, password), Code.Unauthenticated, 'UNAUTHORIZED');
    expect(message).toBe('The username or the password is wrong');
    const [event] = await api().server.audit('login_failed');
    expect(event).toMatchObject({ actor: { name: username.slice(0, 256) } });
  });

  test('say whose they are', async () => {
    const { principal, expiresAt } = await api().over(transport, 'machine').auth.whoAmI({});
    const machine = { id: api().id('machine'), username: 'machine', accountType: 'system', roles: [] };
    expect(principal).toMatchObject(machine);
    expect(timestampMs(expiresAt!)).toBeGreaterThan(Date.now());
  });

  const malformed = 'The Authorization header must be: Bearer <token>';
  test.each([
    ['nothing', undefined, 'Log in first: this needs a token'],
    ['an empty header', '', malformed],
    ['a token without a scheme', 'abc', malformed],
    ['Basic credentials', 'Basic YWRtaW46YWRtaW4=', malformed],
    ['an empty token', 'Bearer ', malformed],
    ['two tokens', 'Bearer a, Bearer b', malformed],
    ['an endless token', `Bearer ${'a'.repeat(8_200)}`, malformed],
    ['a made-up token', 'Bearer abc', expect.stringContaining('token')],
  ])('are not there with %s', async (_name, authorization, expected) => {
    const call = clients(authorization).auth.whoAmI({});
    expect(await expectRejection(call, Code.Unauthenticated, 'UNAUTHORIZED')).toEqual(expected);
  });

  test('end with a logout, at once and for every transport, and no other of the account does', async () => {
    const { server } = api();
    const first = await tokenFor(server, 'person');
    // Tokens count whole seconds; two of one second are still two tokens.
    const second = await tokenFor(server, 'person');
    const { auth } = clients(`Bearer ${first}`);
    expect((await auth.whoAmI({})).principal).toMatchObject({ username: 'person' });
    expect(await isGood(first)).toBe(true);
    await auth.logout({});
    await expectRejection(auth.whoAmI({}), Code.Unauthenticated, 'UNAUTHORIZED');
    await expectRejection(auth.logout({}), Code.Unauthenticated, 'UNAUTHORIZED');
    expect(await Promise.all([first, second, api().token('person')].map(isGood))).toEqual([false, true, true]);
    expect((await server.audit('logout'))[0]).toMatchObject({ actor: { name: 'person' } });
  });
});

describe('one transport alone', () => {
  const api = useAdminApi();

  test('the RPC says at a login whose token it is', async () => {
    const { token, principal } = await api()
      .rpc('anonymous')
      .auth.login({ username: 'person', password: testPassword });
    expect(principal).toMatchObject({ id: api().id('person'), username: 'person', accountType: 'human', roles: [] });
    const { auth } = clientsOver(openTransport('gRPC', api().server, `Bearer ${token}`));
    expect((await auth.whoAmI({})).principal).toEqual(principal);
  });

  const path = '/v1/auth/login';

  test('REST forbids to store what has a token in it, and says whose it is in one object', async () => {
    const response = await api().rest('anonymous').post(path, { username: 'admin', password: testPassword });
    expect(response.header('cache-control')).toBe('no-store');
    const whoami = await api().server.client({ token: response.body.token }).request('GET', '/v1/auth/whoami');
    expect(whoami.json()).toEqual({
      id: api().id('admin'),
      username: 'admin',
      account_type: 'human',
      roles: ['admin'],
      expires_at: response.body.expires_at,
    });
  });

  test.each([
    [undefined, 'body must be JSON'],
    [[], 'must be a JSON object'],
    [{}, 'username'],
    [{ username: 'person' }, 'password'],
    [{ username: 1, password: testPassword }, 'username'],
    [{ username: 'person', password: testPassword, remember: true }, 'remember'],
  ])('REST rejects the body %j of a login with 400', async (body, problem) => {
    const response = await api().rest('anonymous').post(path, body);
    expect(response).toMatchObject({ status: 400, body: { error: expect.stringContaining(problem) } });
  });

  test('REST has a challenge on every 401', async () => {
    const response = await api().rest('anonymous').get('/v1/repositories');
    expect(response.status).toBe(401);
    expect(response.header('www-authenticate')).toMatch(
      /^Bearer realm="https:\/\/localhost:\d+\/v2\/token",service="mcr"$/,
    );
  });
});
