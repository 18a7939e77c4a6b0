import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to an HTTP server that loses the ends of large bodies. */
export interface TruncatingProxy extends AsyncDisposable {
  readonly port: number;
  /** How many bodies it has cut so far. */
  readonly cut: () => number;
}

const endOfHead = Buffer.from('\r\n\r\n');

/**
 * Forwards connections to `127.0.0.1:target`. Of a PUT of more than `largest` bytes only a third of the body goes on; the rest is read
 * and dropped, and then the target sees the end of the connection, as if the client had stopped in the middle.
 */
export async function startTruncatingProxy(target: number, largest: number): Promise<TruncatingProxy> {
  const sockets = new Set<Socket>();
  let cut = 0;
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: target, host: '127.0.0.1', noDelay: true });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    }
    upstream.pipe(client);
    client.on('end', () => upstream.end());
    let head = Buffer.alloc(0);
    /** Bytes of the body that is cut which are still to come, and which are still to be forwarded. */
    let left: { toRead: number; toSend: number } | undefined;
    client.on('data', (chunk: Buffer) => {
      if (left === undefined) {
        head = Buffer.concat([head, chunk]);
        const at = head.indexOf(endOfHead);
        const size = at < 0 ? 0 : largePut(head.subarray(0, at).toString('latin1'), largest);
        if (size === 0) {
          // What is not cut goes through as it comes; the next request begins with a chunk of its own.
          upstream.write(head);
          head = Buffer.alloc(0);
          return;
        }
        const body = head.subarray(at + endOfHead.length);
        upstream.write(head.subarray(0, at + endOfHead.length));
        left = { toRead: size, toSend: Math.floor(size / 3) };
        cut += 1;
        chunk = body;
      }
      upstream.write(chunk.subarray(0, left.toSend));
      left.toSend -= Math.min(left.toSend, chunk.length);
      left.toRead -= chunk.length;
      if (left.toRead <= 0) upstream.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => cut,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The size of the body of a request whose body is to be cut, else 0. */
function largePut(head: string, largest: number): number {
  const size = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
  return head.startsWith('PUT ') && size > largest ? size : 0;
}
