import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { requireGoProgram } from '../go-programs.ts';
import { type Link, startToxiproxy, type Toxiproxy } from './toxiproxy.ts';

describe.skipIf(!requireGoProgram('server'))('a link', () => {
  let toxiproxy: Toxiproxy;
  let link: Link;

  beforeAll(async () => {
    const echo = createServer((socket) => void socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1');
    await once(echo, 'listening');
    toxiproxy = await startToxiproxy();
    link = await toxiproxy.link('echo', (echo.address() as AddressInfo).port);
    return async () => {
      await toxiproxy[Symbol.asyncDispose]();
      echo.close();
    };
  });

  /** What comes back of some bytes before the connection ends, or all of it. */
  async function echoed(count: number): Promise<number | string> {
    const socket: Socket = connect(link.port, link.host);
    let received = 0;
    let problem: string | undefined;
    socket.on('error', (error: NodeJS.ErrnoException) => {
      problem = error.code;
    });
    socket.on('data', (chunk) => {
      received += chunk.length;
      if (received === count) socket.destroy();
    });
    socket.write(Buffer.alloc(count));
    await new Promise((resolve) => socket.once('close', resolve));
    return problem ?? received;
  }

  test('brings everything, as long as nothing disturbs it', async () => {
    expect(await echoed(100_000)).toBe(100_000);
  });

  test('can be cut after some bytes, and healed', async () => {
    await link.cut('up', 1_000);
    // What was sent beyond it may end the connection with a reset.
    expect([1_000, 'ECONNRESET']).toContain(await echoed(100_000));
    await link.heal();
    expect(await echoed(100_000)).toBe(100_000);
  });

  test('can be reset, and taken down', async () => {
    await link.reset(0);
    expect(await echoed(1)).toBe('ECONNRESET');
    await link.heal();
    await link.down();
    expect(await echoed(1)).toBe('ECONNREFUSED');
    await link.heal();
    expect(await echoed(1)).toBe(1);
  });
});
