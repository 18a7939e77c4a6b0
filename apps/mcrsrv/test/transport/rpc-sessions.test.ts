import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { flag, frame, frameType, headerBlock, preface, settings } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { pollOptions } from '../_util/poll-options.ts';
import { connectOver } from '../_util/resettable.ts';
import { rpcClients, rpcEnv } from '../_util/rpc.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer({ env: { ...rpcEnv, MCR_SERVER_IDLE_TIMEOUT: '1s' } });
const handles = async () => (await readdir('/proc/self/fd')).length;

const opening = Buffer.concat([preface, settings()]);
const ping = frame(frameType.ping, 0, 0, Buffer.alloc(8));
const goAway = frame(frameType.goAway, 0, 0, Buffer.alloc(8));
/** It says to be longer than any may be, and ends. */
const noFrame = frame(128, 0, 1, Buffer.alloc(4), 263_447);
const watch = Buffer.concat([
  frame(
    frameType.headers,
    flag.endHeaders,
    1,
    headerBlock([
      [':method', 'POST'],
      [':scheme', 'https'],
      [':authority', 'localhost'],
      [':path', '/grpc.health.v1.Health/Watch'],
      ['content-type', 'application/grpc'],
      ['te', 'trailers'],
    ]),
  ),
  frame(frameType.data, flag.endStream, 1, Buffer.alloc(5)),
]);

/** Sends it all before the server looks; leaves before the server can say anything to it, or after its first words. */
async function sendAndLeave(bytes: Buffer, how: 'reset' | 'close'): Promise<void> {
  const { grpcPort: port, ca } = server();
  const tcp = connect({ host: '127.0.0.1', port });
  const { promise, resolve } = Promise.withResolvers<void>();
  const secure = connectOver(tcp, { ca, servername: 'localhost', ALPNProtocols: ['h2'] });
  secure.on('error', () => {});
  secure.on('close', resolve);
  secure.on('secureConnect', () => {
    tcp.cork();
    secure.write(bytes, () => {
      tcp.uncork();
      if (how === 'reset') tcp.write('', () => tcp.resetAndDestroy());
      else secure.once('data', () => setTimeout(() => tcp.destroy(), 20));
    });
  });
  await promise;
}

test.skipIf(process.platform !== 'linux').each<[string, Buffer, 'reset' | 'close']>([
  ['after a flood of pings', Buffer.concat([opening, Buffer.alloc(5_000 * ping.length, ping)]), 'reset'],
  [
    'during a call, after a goodbye and a frame that is none',
    Buffer.concat([opening, watch, goAway, noFrame]),
    'close',
  ],
])('a client that leaves %s does not keep its connection', async (_, bytes, how) => {
  expect(await rpcClients(server()).admin.health({})).toMatchObject({ status: 'ok' });
  const before = await handles();
  for (let round = 0; round < 20; round += 1) await sendAndLeave(bytes, how);
  await expect.poll(handles, pollOptions).toBeLessThan(before + 5);
  expect(await rpcClients(server()).admin.health({})).toMatchObject({ status: 'ok' });
});
