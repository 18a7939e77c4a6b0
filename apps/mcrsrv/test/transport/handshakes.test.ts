import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect } from 'node:tls';
import { RawConnection } from '@mcr/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { failuresOf } from '../_util/log.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer({ env: { MCR_SERVER_GRPC_ADDR: '127.0.0.1:0' } });
afterEach(async () => {
  expect((await server().admin.request('GET', '/v1/ready')).status).toBe(200);
  expect(failuresOf(server())).toEqual([]);
});

const ports = ['the registry', 'the RPCs'].map((name) => ({
  name,
  port: () => (name === 'the RPCs' ? server().grpcPort : server().port),
}));

describe.each(ports)('CVE-2026-21637, CVE-2026-48928: at the port of $name', ({ port }) => {
  test.each(['nobody.example', 'x'.repeat(250), 'a b', '-', '*.example', '%00', '..', 'xn--'])(
    'the server name "%s" ends no process',
    async (servername) => {
      const socket = connect({ host: '127.0.0.1', port: port(), servername, rejectUnauthorized: false });
      socket.on('error', () => {});
      await Promise.race([once(socket, 'secureConnect'), once(socket, 'close')]);
      socket.destroy();
    },
  );

  test('plain HTTP gets 400 and a sentence that says what is wrong', async () => {
    const socket = connectTcp(port(), '127.0.0.1').setEncoding('utf8');
    socket.write('GET /v2/ HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const response = (await socket.toArray()).join('');
    expect(response).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(response).toContain('\r\n\r\nClient sent an HTTP request to an HTTPS server.\n');
  });

  test('nor do bytes in the place of a handshake, or a hello that breaks off', async () => {
    const hello = Buffer.from('16030100fa010000f60303', 'hex');
    for (const bytes of [Buffer.alloc(600, 0xff), hello, Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.alloc(0)]) {
      const socket = connectTcp(port(), '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
      socket.write(bytes);
      socket.destroy();
      await once(socket, 'close');
    }
  });
});

test('GHSA-9mqv-5hh9-4cgg: upgrades to what the registry does not speak are rejected, and hold no connection', async () => {
  for (let time = 0; time < 20; time += 1) {
    await using connection = await RawConnection.open(server());
    const upgrade =
      'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n';
    await connection.send(`GET /v2/ HTTP/1.1\r\nHost: localhost\r\n${upgrade}\r\n`);
    const { status } = await connection.read();
    expect([400, 401, 426, 501]).toContain(status);
  }
});

test('CVE-2026-21710: a header called __proto__ is a header like any other', async () => {
  await using connection = await RawConnection.open(server());
  await connection.send('GET /v2/ HTTP/1.1\r\nHost: localhost\r\n__proto__: x\r\nconstructor: y\r\n\r\n');
  expect((await connection.read()).status).toBe(401);
});
