import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Code } from '@connectrpc/connect';
import { type FakeMcias, type OciResponse, startFakeMcias, tempDirectory } from '@mcr/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { rejection, rpcClients, rpcEnv } from '../_util/rpc.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';

const cleanup = new AsyncDisposableStack();
let server: TestServer;
let mcias: FakeMcias;
beforeAll(async () => {
  mcias = cleanup.use(await startFakeMcias());
  mcias.addAccount({ username: 'root', password: 'the password of root', roles: ['admin'] });
  const ca = join(cleanup.use(await tempDirectory()).path, 'mcias-ca.crt');
  await writeFile(ca, mcias.caPem);
  const env = {
    ...rpcEnv,
    MCR_AUTH_PROVIDER: 'mcias',
    MCR_MCIAS_SERVER_URL: mcias.url,
    MCR_MCIAS_CA_CERT: ca,
  };
  server = cleanup.use(await startTestServer({ env }));
});
afterAll(() => cleanup[Symbol.asyncDispose]());

const credentials = { username: 'root', password: 'the password of root' };

async function tokens(): Promise<string[]> {
  const rest = await server.client({}).request('POST', '/v1/auth/login', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(credentials),
  });
  const rpc = await rpcClients(server).auth.login(credentials);
  return [rest.json().token, rpc.token];
}

test('an account of MCIAS comes in by both transports, and is an admin in both', async () => {
  for (const token of await tokens()) {
    const { principal, expiresAt } = await rpcClients(server, token).auth.whoAmI({});
    expect(principal).toMatchObject({ username: 'root', roles: ['admin'] });
    expect(expiresAt).toBeDefined();
    expect((await server.client({ token }).request('GET', '/v1/audit')).status).toBe(200);
    expect((await rpcClients(server, token).audit.listAuditEvents({})).events.length).toBeGreaterThan(0);
  }
});

test('accounts are not here, where MCIAS keeps them: 405 and unimplemented', async () => {
  const [token = ''] = await tokens();
  const rest = server.client({ token });
  const headers = { 'content-type': 'application/json' };
  const { admin, auth } = rpcClients(server, token);
  const passwords = { current_password: 'a', new_password: 'another password' };
  const account = { username: 'ada', password: 'a long password of ada' };
  const calls: [rest: () => Promise<OciResponse>, rpc: () => Promise<unknown>][] = [
    [() => rest.request('GET', '/v1/accounts'), () => admin.listAccounts({})],
    [
      () => rest.request('POST', '/v1/accounts', { headers, body: JSON.stringify(account) }),
      () => admin.createAccount({ ...account, accountType: 'human' }),
    ],
    [() => rest.request('PATCH', '/v1/accounts/1', { headers, body: '{}' }), () => admin.updateAccount({ id: '1' })],
    [() => rest.request('DELETE', '/v1/accounts/1'), () => admin.deleteAccount({ id: '1' })],
    [
      () => rest.request('POST', '/v1/auth/password', { headers, body: JSON.stringify(passwords) }),
      () => auth.changePassword({ currentPassword: 'a', newPassword: 'another password' }),
    ],
  ];
  for (const [restCall, rpcCall] of calls) {
    const error = await rejection(rpcCall());
    expect(error.code).toBe(Code.Unimplemented);
    const response = await restCall();
    expect(response.status).toBe(405);
    expect(response.header('allow')).toBe('');
    expect(response.json()).toEqual({ error: error.rawMessage });
  }
  expect((await auth.whoAmI({})).local).toBe(false);
});

test('while MCIAS does not respond, both transports say that they are unavailable, and log why', async () => {
  const [token = ''] = await tokens();
  mcias.setFault('error');
  const error = await rejection(rpcClients(server, token).auth.whoAmI({}));
  expect(error).toMatchObject({ code: Code.Unavailable });
  const response = await server.client({ token }).request('GET', '/v1/auth/whoami');
  expect(response.status).toBe(503);
  expect(response.json()).toEqual({ error: error.rawMessage });
  mcias.setFault(undefined);
  // A line is written once the response's last byte has left, which the client does not wait for.
  await vi.waitFor(() => expect(failures()).toHaveLength(2));
  expect(new Set(failures().map(({ msg }) => msg))).toEqual(new Set(['call failed', 'request failed']));
  for (const { err } of failures()) expect(JSON.stringify(err)).toContain('/v1/token/validate');
});

function failures(): { level: string; msg: string; err: unknown }[] {
  return server.logLines.map((line) => JSON.parse(line)).filter(({ level }) => level === 'error');
}
