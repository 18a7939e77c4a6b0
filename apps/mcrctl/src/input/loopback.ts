import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cancelled } from '../cli/errors.ts';

/** A listener that waits for the browser. */
export interface Loopback extends Disposable {
  readonly port: number;
  /** The query with which the browser came back. Rejects when the user cancels. */
  readonly callback: Promise<string>;
}

const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>mcrctl</title>
<p>You can close this page and go back to the terminal.</p></html>
`;

/** Waits on a free port of 127.0.0.1 for the provider to send the browser back (RFC 8252, 7.3). */
export async function listenForCallback(signal: AbortSignal): Promise<Loopback> {
  const { promise: callback, resolve, reject } = Promise.withResolvers<string>();
  const server = createServer((request, response) => {
    const [path, query = ''] = (request.url ?? '').split('?');
    const isCallback = request.method === 'GET' && path === '/callback' && new URLSearchParams(query).has('state');
    response.writeHead(isCallback ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8', Connection: 'close' });
    response.end(isCallback ? page : '');
    if (isCallback) resolve(query);
  });
  await new Promise<void>((done, fail) => void server.once('error', fail).listen(0, '127.0.0.1', done));
  const cancel = () => reject(cancelled());
  signal.addEventListener('abort', cancel, { once: true });
  callback.catch(() => {});
  return {
    port: (server.address() as AddressInfo).port,
    callback,
    [Symbol.dispose]() {
      signal.removeEventListener('abort', cancel);
      server.close();
      server.closeAllConnections();
    },
  };
}
