import { once } from 'node:events';
import { rename, writeFile } from 'node:fs/promises';
import { connect } from 'node:http2';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createTestCa, freePort, RawConnection } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { logOf } from '../_util/log.ts';
import { rpcClients, rpcEnv, rpcUrl } from '../_util/rpc.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';

const at = ({ grpcPort, ca }: TestServer) => ({ port: grpcPort, ca });

describe('the RPC listener', () => {
  test('is off when grpc_addr is empty', async () => {
    await using server = await startTestServer({ env: { MCR_SERVER_GRPC_ADDR: '' } });
    expect(server.grpcPort).toBe(0);
    expect((await server.admin.request('GET', '/v1/health')).status).toBe(200);
    const rpc = await server.admin.request('POST', '/mcr.v1.AdminService/Health', { body: '{}' });
    expect(rpc.status).toBe(404);
  });

  test('takes the whole server down when its address cannot be had', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const own = await freePort();
    const env = { MCR_SERVER_LISTEN_ADDR: `127.0.0.1:${own}`, MCR_SERVER_GRPC_ADDR: `127.0.0.1:${port}` };
    await expect(startTestServer({ env })).rejects.toThrow('EADDRINUSE');
    await expect(RawConnection.open({ port: own, ca: '' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    taken.close();
  });

  test.each(['h2', 'http/1.1'])('speaks %s over TLS 1.3, and nothing over TLS 1.2', async (protocol) => {
    await using server = await startTestServer({ env: rpcEnv });
    await using connection = await RawConnection.open(at(server), { ALPNProtocols: [protocol] });
    expect(connection.socket.getProtocol()).toBe('TLSv1.3');
    expect(connection.socket.alpnProtocol).toBe(protocol);
    const old = RawConnection.open(at(server), { ALPNProtocols: [protocol], maxVersion: 'TLSv1.2' });
    await expect(old).rejects.toThrow(/alert|version|protocol/i);
  });

  test('shows a renewed certificate, and still nothing but TLS 1.3', async () => {
    await using server = await startTestServer({ env: rpcEnv });
    const other = await createTestCa();
    const { certPem, keyPem } = await other.issue();
    for (const [name, text] of Object.entries({ 'server.crt': certPem, 'server.key': keyPem })) {
      const path = join(server.directory, 'tls', name);
      await writeFile(`${path}.new`, text, { mode: 0o600 });
      await rename(`${path}.new`, path);
    }
    server.context.certificates.reload();
    const renewed = { port: server.grpcPort, ca: other.caPem };
    await using connection = await RawConnection.open(renewed, { ALPNProtocols: ['h2'] });
    expect(connection.socket.authorized).toBe(true);
    await expect(RawConnection.open(renewed, { maxVersion: 'TLSv1.2' })).rejects.toThrow(/alert|version|protocol/i);
  });

  test('believes a trusted proxy about the address of the client', async () => {
    const env = { ...rpcEnv, MCR_SERVER_TRUSTED_PROXIES: '127.0.0.1' };
    await using server = await startTestServer({ env });
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    const call = rpcClients(server).auth.login({ username: 'who', password: 'wrong' }, { headers });
    await expect(call).rejects.toThrow('wrong');
    expect((await server.audit('login_failed'))[0]).toMatchObject({ actor: { ip: '203.0.113.9' } });
    await expect.poll(() => logOf(server).find(({ msg }) => msg === 'call')).toMatchObject({ ip: '203.0.113.9' });
  });

  test('believes no one else', async () => {
    await using server = await startTestServer({ env: rpcEnv });
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    const call = rpcClients(server).auth.login({ username: 'who', password: 'wrong' }, { headers });
    await expect(call).rejects.toThrow('wrong');
    expect((await server.audit('login_failed'))[0]).toMatchObject({ actor: { ip: '127.0.0.1' } });
  });

  test('closes a connection without calls after the idle time, and leaves one with a call alone', async () => {
    await using server = await startTestServer({ env: { ...rpcEnv, MCR_SERVER_IDLE_TIMEOUT: '1s' } });
    const idle = connect(rpcUrl(server), { ca: server.ca });
    const busy = connect(rpcUrl(server), { ca: server.ca });
    const watch = busy.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Watch',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    watch.end(Buffer.from([0, 0, 0, 0, 0]));
    await once(watch, 'response');
    await once(idle, 'close');
    expect(busy.destroyed).toBe(false);
    busy.destroy();
  });
});
