import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';

/** An HTTPS server on 127.0.0.1 until the end of its scope. */
export interface HttpsServer extends AsyncDisposable {
  readonly url: string;
}

/** Starts a server with the certificate, TLS version and behavior that a test needs. */
export function startHttps(options: ServerOptions, handle: RequestListener): Promise<HttpsServer> {
  return listen(createServer(options, handle));
}

/** The same with HTTP/2 and, as a fallback, HTTP/1.1. */
export function startHttp2(options: ServerOptions, handle: RequestListener): Promise<HttpsServer> {
  const either = handle as unknown as (request: Http2ServerRequest, response: Http2ServerResponse) => void;
  return listen(createSecureServer({ ...options, allowHTTP1: true }, either));
}

async function listen(server: Server): Promise<HttpsServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.once('close', () => sockets.delete(socket))));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Responds to each path with a status and JSON; anything else with a 404 in plain text. */
export function responses(routes: Readonly<Record<string, readonly [status: number, body: unknown]>>): RequestListener {
  return (request, response) => {
    const [status, body] = routes[request.url ?? ''] ?? [];
    if (status === undefined) response.writeHead(404).end('nothing here');
    else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
}
