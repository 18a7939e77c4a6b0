import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { Health, HealthCheckResponse_ServingStatus as Status } from '@mcr/rpc/grpc/health/v1/health_pb';
import { frameType, RawHttp2 } from '@mcr/testkit';
import { afterEach, expect, test } from 'vitest';
import { pollOptions } from '../_util/poll-options.ts';
import { rejection, rpcEnv, rpcUrl } from '../_util/rpc.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer({ env: rpcEnv });
const gone: AbortController[] = [];

afterEach(() => {
  for (const controller of gone.splice(0)) controller.abort();
});

/** A client on a connection of its own, from an address of the loopback. */
function clientAt(localAddress: string) {
  const nodeOptions = { ca: server().ca, localAddress };
  return createClient(Health, createGrpcTransport({ baseUrl: rpcUrl(server()), nodeOptions }));
}

/** Watches until the end of the test, or until it leaves; resolves with the first message. */
async function watch(client: ReturnType<typeof clientAt>) {
  const controller = new AbortController();
  gone.push(controller);
  const messages = client.watch({}, { signal: controller.signal })[Symbol.asyncIterator]();
  const { value } = await messages.next();
  return { status: value?.status, messages, leave: () => controller.abort() };
}

const codeOf = (error: unknown): string => Code[ConnectError.from(error).code];

test('a connection has a few watchers, of which none is cut for another, and each place is free again', async () => {
  const client = clientAt('127.0.0.2');
  const watchers = [];
  for (let count = 0; count < 4; count += 1) watchers.push(await watch(client));
  const fifth = await rejection(watch(client));
  expect([Code[fifth.code], fifth.rawMessage]).toEqual([
    'ResourceExhausted',
    'Too many watchers on this connection; call Check every few seconds instead',
  ]);
  expect(await client.check({})).toMatchObject({ status: Status.SERVING });
  expect(watchers.map(({ status }) => status)).toEqual(Array(4).fill(Status.SERVING));
  const [first] = watchers;
  first!.leave();
  await expect(first!.messages.next()).rejects.toMatchObject({ code: Code.Canceled });
  await expect.poll(() => watch(client).then(({ status }) => status, String), pollOptions).toBe(Status.SERVING);
});

test('an address has a bounded number of watchers, and leaves the others theirs', async () => {
  const clients = Array.from({ length: 18 }, () => clientAt('127.0.0.3'));
  const attempts = [];
  for (const client of clients) {
    for (let count = 0; count < 4; count += 1) attempts.push(await watch(client).then(() => 'watches', codeOf));
  }
  expect(attempts).toEqual([...Array<string>(64).fill('watches'), ...Array<string>(8).fill('ResourceExhausted')]);
  expect(await watch(clientAt('127.0.0.4'))).toMatchObject({ status: Status.SERVING });
});

test('a watcher that reads nothing gives its place back when it goes', async () => {
  const path = '/grpc.health.v1.Health/Watch';
  for (let round = 0; round < 17; round += 1) {
    // A window of 0: the first message waits for ever.
    await using connection = await RawHttp2.open(server(), { localAddress: '127.0.0.5' }, [4, 0]);
    await connection.send(...Array.from({ length: 4 }, () => connection.call(path)));
    const begun = () => connection.frames.filter(({ type }) => type === frameType.headers).length;
    await expect.poll(begun, pollOptions).toBe(4);
  }
  await expect.poll(() => watch(clientAt('127.0.0.5')).then(({ status }) => status, String), pollOptions).toBe(1);
});
