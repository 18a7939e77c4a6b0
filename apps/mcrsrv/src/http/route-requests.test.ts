import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AppEnv } from './env.ts';
import { respond, respondJson } from './respond.ts';
import { routeRequests } from './route-requests.ts';

let server: Server;
let failures: unknown[];

beforeAll(async () => {
  const app = new Hono<AppEnv>();
  app.all('/seen/:name', (c) => {
    const { method, path } = c.req;
    const [name, n, type] = [c.req.param('name'), c.req.queries('n'), c.req.header('Content-Type')];
    return respondJson(c, { method, path, name, n, type });
  });
  app.post('/unread', (c) => respond(c, 200, {}));
  app.get('/broken', (c) => {
    c.env.outgoing.writeHead(200).flushHeaders();
    throw new Error('too late');
  });
  app.onError((error) => {
    throw error;
  });
  app.get('/failing', () => {
    throw new Error('planted');
  });
  const handle = routeRequests(app.fetch, (error) => void failures.push((error as Error).message));
  server = createServer((incoming, outgoing) => void handle(incoming, outgoing));
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => void server.close());
beforeEach(() => {
  failures = [];
});

function send(request: string): Socket {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(request);
  return socket;
}

/** All that comes back until the server closes the connection. */
async function exchange(head: string, ...headers: string[]): Promise<string> {
  return await text(send([`${head} HTTP/1.1`, 'Host: any', 'Connection: close', ...headers, '', ''].join('\r\n')));
}

function bodyOf(response: string): unknown {
  return JSON.parse(response.slice(response.indexOf('\r\n\r\n') + 4));
}

describe('a routed request', () => {
  test('has the method, the path, the query and the headers that were sent', async () => {
    const response = await exchange('GET /seen/a%2Cb?n=1&m=%20&n=%C3%A9', 'content-type: text/plain');
    const seen = { method: 'GET', path: '/seen/a%2Cb', name: 'a,b', n: ['1', 'é'], type: 'text/plain' };
    expect(bodyOf(response)).toEqual(seen);
  });

  test('has no header that was not sent', async () => {
    expect(bodyOf(await exchange('GET /seen/a'))).toEqual({ method: 'GET', path: '/seen/a', name: 'a' });
  });

  test('gets no body for HEAD', async () => {
    expect(await exchange('HEAD /seen/a')).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\r\n\r\n$/s);
  });

  test('gets an empty 500 when the app throws, which is reported', async () => {
    expect(await exchange('GET /failing')).toMatch(/^HTTP\/1\.1 500 .*\r\n\r\n(?:0\r\n\r\n)?$/s);
    expect(failures).toEqual(['planted']);
  });

  test('loses its connection when the app throws after the headers', async () => {
    await expect(exchange('GET /broken')).resolves.not.toContain('500');
    expect(failures).toEqual(['too late']);
  });
});

describe('a body that no handler read', () => {
  const head = 'POST /unread HTTP/1.1\r\nHost: any\r\nContent-Length: 10\r\n\r\n';

  test('is skipped, and the next request of the connection gets its response', async () => {
    const socket = send(`${head}0123456789GET /seen/next HTTP/1.1\r\nHost: any\r\nConnection: close\r\n\r\n`);
    expect(await text(socket)).toContain('/seen/next');
  });

  test('ends its connection when it does not end soon', async () => {
    const socket = send(`${head}01234`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 OK/);
  });
});
