import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A page of another site, with one link. */
export interface ForeignSite extends AsyncDisposable {
  readonly url: string;
}

/** Serves a page whose link `Follow` leads to the given address; for browsers `localhost` is another site than 127.0.0.1. */
export async function startForeignSite(target: string): Promise<ForeignSite> {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html').end(`<a href="${target}">Follow</a>`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
