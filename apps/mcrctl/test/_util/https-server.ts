import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A server that speaks HTTPS on 127.0.0.1 until the scope that holds it ends. */
export interface HttpsServer extends AsyncDisposable {
  readonly url: string;
}

/** Starts a server with whatever certificate, TLS version and behaviour a test needs. */
export async function startHttps(options: ServerOptions, handle: RequestListener): Promise<HttpsServer> {
  const server = createServer(options, handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers each path with a status and JSON; anything else with a 404 in plain text. */
export function answers(routes: Readonly<Record<string, readonly [status: number, body: unknown]>>): RequestListener {
  return (request, response) => {
    const [status, body] = routes[request.url ?? ''] ?? [];
    if (status === undefined) response.writeHead(404).end('nothing here');
    else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
}
