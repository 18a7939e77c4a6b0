import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A port whose connections go to other ports in turn, as those of workers do. */
export interface AlternatingPort extends AsyncDisposable {
  readonly port: number;
}

/** Listens on a port of 127.0.0.1, and hands connections to these ports of it, one after the other. */
export async function alternate(ports: readonly number[]): Promise<AlternatingPort> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  // Frames of HTTP/2 are small: with Nagle's algorithm each waits 40 ms for an acknowledgement.
  const server = createServer({ noDelay: true }, (client) => {
    const target = connect({ port: ports[accepted % ports.length]!, host: '127.0.0.1', noDelay: true });
    accepted += 1;
    for (const [socket, other] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
