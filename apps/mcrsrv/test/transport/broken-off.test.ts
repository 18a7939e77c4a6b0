import { RawConnection, rawGet } from '@mcr/testkit';
import { afterAll, expect, test } from 'vitest';
import { failuresOf, logOf } from '../_util/log.ts';
import { pollOptions } from '../_util/poll-options.ts';
import { rpcEnv } from '../_util/rpc.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer({ env: rpcEnv });
afterAll(() => {
  expect(failuresOf(server())).toEqual([]);
});

const requests = 60;

// An error without a listener ends the process, and here the run of the tests.
test.each([
  ['the registry', 'registry', 'GET /v2/ HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['the registry, with bodies', 'registry', 'PUT /v2/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n.'],
  [
    'the RPCs',
    'rpc',
    'GET /mcr.v1.RegistryService/ListTags HTTP/1.1\r\nHost: a\r\nContent-Type: application/grpc\r\n\r\n',
  ],
  ['the RPCs, on no path', 'rpc', 'GET /none HTTP/1.1\r\nHost: a\r\n\r\n'],
])('a client that leaves after many requests at once ends its connection only: %s', async (_, transport, request) => {
  const { port, grpcPort, ca } = server();
  const at = { port: transport === 'rpc' ? grpcPort : port, ca };
  const before = logOf(server()).length;
  await using connection = await RawConnection.open(at, { ALPNProtocols: ['http/1.1'] });
  await connection.send(request.repeat(requests));
  connection.socket.destroy();
  await expect.poll(() => logOf(server()).length, pollOptions).toBeGreaterThan(before);
  expect((await rawGet(server(), '/v2/', { host: 'localhost' })).status).toBe(401);
});
