import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A port that leads to another one, as an address does that moves from one server to the next. */
export interface TcpRelay extends AsyncDisposable {
  readonly port: number;
  /** Where new connections lead. */
  target: number;
  /**
   * Looks at what a client sends. When it returns true, the server still gets that, but the connection ends in place of the
   * server's response: the client cannot know whether it was carried out.
   */
  swallows: (sent: Buffer) => boolean;
  /** Ends every connection. */
  cut(): void;
}

/** Starts a relay on a port of 127.0.0.1 that leads to another port there. */
export async function startTcpRelay(target: number): Promise<TcpRelay> {
  const sockets = new Set<Socket>();
  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // Either end may be killed at any moment; both ends of a relay close together.
    return socket.on('error', () => {});
  };
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = track(connect({ port: relay.target, host: '127.0.0.1', noDelay: true }));
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    let isSwallowing = false;
    track(client).on('data', (sent: Buffer) => {
      isSwallowing ||= relay.swallows(sent);
      upstream.write(sent);
    });
    upstream.on('data', (received) => {
      if (isSwallowing) end();
      else client.write(received);
    });
    for (const socket of [client, upstream]) socket.once('close', end);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const relay: TcpRelay = {
    port: (server.address() as AddressInfo).port,
    target,
    swallows: () => false,
    cut,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
  return relay;
}
