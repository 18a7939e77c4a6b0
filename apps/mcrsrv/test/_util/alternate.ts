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
  const server = createServer((client) => {
    const target = connect(ports[accepted % ports.length]!, '127.0.0.1');
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
