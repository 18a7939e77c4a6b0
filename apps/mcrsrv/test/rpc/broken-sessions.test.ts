import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { patience } from '../_util/patience.ts';
import { connectOver } from '../_util/resettable.ts';
import { rpcClients, rpcEnv } from '../_util/rpc.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer({ env: rpcEnv });
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1');
const ping = Buffer.from('\0\0\x08\x06\0\0\0\0\0........', 'latin1');
const flood = Buffer.concat([preface, Buffer.alloc(5_000 * ping.length, ping)]);
const handles = async () => (await readdir('/proc/self/fd')).length;

/** Sends pings by the thousand, which the server would have to answer, and resets the connection. */
async function floodAndLeave(): Promise<void> {
  const { grpcPort: port, ca } = server();
  const tcp = connect({ host: '127.0.0.1', port });
  const { promise, resolve } = Promise.withResolvers<void>();
  const secure = connectOver(tcp, { ca, servername: 'localhost', ALPNProtocols: ['h2'] });
  secure.on('error', () => {});
  secure.on('close', resolve);
  secure.on('secureConnect', () => {
    // All at once, so that it is there before the server looks, and the server has much to say when nobody listens.
    tcp.cork();
    secure.write(flood, () => {
      tcp.uncork();
      tcp.write('', () => tcp.resetAndDestroy());
    });
  });
  await promise;
}

test.skipIf(process.platform !== 'linux')(
  'a client that floods a session and leaves does not keep its connection',
  async () => {
    expect(await rpcClients(server()).admin.health({})).toMatchObject({ status: 'ok' });
    const before = await handles();
    for (let round = 0; round < 20; round += 1) await floodAndLeave();
    await expect.poll(handles, patience).toBeLessThan(before + 5);
    expect(await rpcClients(server()).admin.health({})).toMatchObject({ status: 'ok' });
  },
);
