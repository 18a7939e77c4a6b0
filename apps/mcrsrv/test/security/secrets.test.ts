import { connect } from 'node:http2';
import { createOciClient } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { openAdminApi, tokenFor } from '../_util/admin-api.ts';
import { clientsOver, rejection, rpcTransport } from '../_util/rpc.ts';

const canary = 'canary-7f3a9c-of-a-password';

test('CVE-2025-48374: no password and no token stands in the log, the audit log or a response, whichever transport it came by', async () => {
  await using api = await openAdminApi();
  const { server } = api;
  const responses: string[] = [];
  const rest = async (method: string, path: string, body: object, authorization: string): Promise<void> => {
    const headers = { 'content-type': 'application/json', cookie: `session=${canary}` };
    const response = await server.admin.request(method, path, { headers, body: JSON.stringify(body), authorization });
    responses.push(JSON.stringify(response.headers), response.text());
  };
  const failed = async (call: Promise<unknown>): Promise<void> => {
    const error = await rejection(call);
    responses.push(error.message, JSON.stringify([...error.metadata]));
  };
  const admin = `Bearer ${api.token('admin')}`;
  const secrets = [canary, api.token('admin'), api.token('person')];

  // Both transports, each with the secret wherever a client may put one, rightly or wrongly.
  await rest('POST', '/v1/accounts', { username: 'by-rest', password: canary }, admin);
  const { account } = await api.rpc('admin').admin.createAccount({
    username: 'by-rpc',
    accountType: 'human',
    password: canary,
  });
  await api.rpc('admin').admin.updateAccount({ id: account!.id, password: `${canary}-2` });
  await rest('PATCH', `/v1/accounts/${account!.id}`, { password: canary }, admin);
  await rest('POST', '/v1/accounts', { username: 'by-rest', password: canary }, admin);
  await rest('POST', '/v1/accounts', { username: 'Bad Name', password: canary }, admin);
  await rest('POST', '/v1/accounts', { username: 'typo', passwrod: 1, password: [canary] }, admin);
  await failed(api.rpc('admin').admin.createAccount({ username: 'Bad Name', password: canary }));
  secrets.push(await tokenFor(server, 'by-rest', canary), await tokenFor(server, 'by-rpc', canary));
  secrets.push((await api.rpc('anonymous').auth.login({ username: 'by-rpc', password: canary })).token);
  await rest('POST', '/v1/auth/login', { username: 'person', password: canary }, '');
  await failed(api.rpc('anonymous').auth.login({ username: 'person', password: canary }));
  for (const authorization of [`Bearer ${canary}`, `Basic ${btoa(`admin:${canary}`)}`, canary, `${admin}x`]) {
    await rest('POST', '/v1/gc', {}, authorization);
    await failed(clientsOver(rpcTransport(server, authorization)).registry.garbageCollect({}));
    await rest('GET', `/v1/audit?access_token=${canary}&token=${canary}`, {}, authorization);
  }
  secrets.push(btoa(`admin:${canary}`));
  await failed(clientsOver(rpcTransport(server, `Bearer ${api.token('person')}`)).registry.garbageCollect({}));
  const session = connect(`https://localhost:${server.grpcPort}`, { ca: server.ca });
  const stream = session.request({ ':method': 'POST', ':path': `/mcr.v1.AdminService/Health?token=${canary}` });
  stream.end(canary);
  for await (const _ of stream);
  session.close();
  await api.rpc('person').auth.logout({});

  const audit = JSON.stringify(await server.audit());
  // Lines are written when responses have left; when the last one is there, so are the others.
  await expect.poll(() => server.logLines.join('')).toContain('/mcr.v1.AuthService/Logout');
  const log = server.logLines.join('\n');
  expect(log).toContain('by-rest');
  for (const secret of secrets) {
    expect(log).not.toContain(secret);
    expect(audit).not.toContain(secret);
    expect(responses.join('\n')).not.toContain(secret);
  }
});

test.each([canary, `"${canary}"`, `[${canary}]`, `{"username":"a","password":"${canary}`, `{"username":${canary}}`])(
  'a body that cannot be read is not quoted in the response: %s',
  async (body) => {
    await using api = await openAdminApi();
    const headers = { 'content-type': 'application/json' };
    const { server } = api;
    const rest = await server.admin.request('POST', '/v1/auth/login', { headers, body, authorization: '' });
    const url = `https://localhost:${server.grpcPort}`;
    await using rpc = createOciClient({ baseUrl: url, ca: server.ca });
    const call = await rpc.request('POST', '/mcr.v1.AuthService/Login', { headers, body });
    expect([rest.status, call.status]).toEqual([400, 400]);
    for (const response of [rest.text(), call.text()]) expect(response).not.toMatch(/canary|7f3a9c|password/);
  },
);
