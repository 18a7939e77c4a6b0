import { RawConnection } from '@mcr/testkit';
import { test } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';

const api = useAdminApi();
const chunk = Buffer.from(`10000\r\n${'x'.repeat(65_536)}\r\n`);
const health = '/mcr.v1.AdminService/Health';

test.concurrent.for([
  ['to a method', `POST ${health}`, 'application/json'],
  ['of gRPC to a method', `POST ${health}`, 'application/grpc'],
  ['to a method that wants a token', 'POST /mcr.v1.AdminService/GetStatistics', 'application/json'],
  ['of gRPC to a method that wants a token', 'POST /mcr.v1.AdminService/GetStatistics', 'application/grpc'],
  ['by another method', `PUT ${health}`, 'application/json'],
  ['of another type', `POST ${health}`, 'text/plain'],
  ['to no method', 'POST /none', 'application/json'],
  ['to an ambiguous path', 'POST //none', 'application/json'],
])('a message without an end holds no connection: %s', async ([, line, type], { expect }) => {
  const { grpcPort: port, ca } = api().server;
  await using connection = await RawConnection.open({ port, ca }, { ALPNProtocols: ['http/1.1'] });
  await connection.send(`${line} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`);
  // More than any message may have, and more than the kernel keeps: a reader that stops stops the client, too.
  for (let sent = 0; sent < 400 && !connection.ended; sent += 1) connection.socket.write(chunk);
  await connection.closed();
  expect(connection.pending).toMatch(/^HTTP\/1\.1 [24]/);
});
