import { once } from 'node:events';
import { createServer, type RequestOptions, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readWhole } from './body.ts';
import { TrustedProxies } from './client-address.ts';
import { recordOf } from './request-record.ts';
import { serveRequests } from './serve-requests.ts';

let server: Server;
let ended: { readonly status: number; readonly ip: string; readonly bytesIn: number }[];
let begun: number;
/** Whether there is a quick response to `/quick`, once that is known. */
let quick: PromiseWithResolvers<boolean>;

beforeAll(async () => {
  server = createServer({ requireHostHeader: false });
  serveRequests(server, {
    proxies: new TrustedProxies(['127.0.0.1']),
    onReject: () => {},
    guard: { methods: ['GET', 'HEAD', 'POST'] },
    form: { type: 'text/plain', headers: { 'X-Form': 'own' }, body: (message, url) => `${message} (${url})` },
    respondQuickly: (incoming, outgoing) =>
      incoming.url === '/quick' &&
      quick.promise.then((isQuick) => {
        if (isQuick) outgoing.end('quick');
        return isQuick;
      }),
    onBegin: () => {
      begun += 1;
    },
    handle: (incoming, outgoing) => {
      const whole = readWhole({ incoming, outgoing }, { what: 'It', limit: 1_000 });
      void whole.then(({ length }) => outgoing.end(`${recordOf(incoming).id} ${length}`));
    },
    onEnd: (_, { statusCode: status }, { ip, bytesIn }) => void ended.push({ status, ip, bytesIn }),
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => void server.close());
beforeEach(() => {
  ended = [];
  begun = 0;
  quick = Promise.withResolvers();
});

async function send(options: RequestOptions, body?: string) {
  const { port } = server.address() as AddressInfo;
  const sent = request({ host: '127.0.0.1', port, agent: false, ...options });
  const responded = once(sent, 'response');
  if (options.headers !== undefined && 'Expect' in options.headers) {
    sent.flushHeaders();
    await once(sent, 'continue');
  }
  sent.end(body);
  const [response] = await responded;
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

describe('a request', () => {
  test('has an id, and a record that is reported at its end', async () => {
    const headers = { 'X-Forwarded-For': '192.0.2.1' };
    const { status, headers: sent, body } = await send({ method: 'POST', headers }, 'four');
    expect({ status, body }).toEqual({ status: 200, body: `${sent['x-request-id']} 4` });
    await expect.poll(() => ended).toEqual([{ status: 200, ip: '192.0.2.1', bytesIn: 4 }]);
    expect(begun).toBe(1);
  });

  test('that waits for 100 Continue receives it before its body is read', async () => {
    const { body } = await send({ method: 'POST', headers: { Expect: '100-continue', 'Content-Length': '4' } }, 'four');
    expect(body).toMatch(/ 4$/);
  });

  test.each([
    ['DELETE', '/', 405, 'The method DELETE is not supported (/)'],
    ['GET', '/a/../b', 400, 'The path contains a dot segment (/a/../b)'],
    ['HEAD', '/a/../b', 400, ''],
  ])('%s %s is rejected in the form of the listener, and reported like others', async (method, path, status, body) => {
    const rejected = await send({ method, path });
    expect(rejected).toMatchObject({ status, body, headers: { 'content-type': 'text/plain', connection: 'close' } });
    expect(rejected.headers['x-request-id']).toMatch(/\S/);
    expect(rejected.headers.allow).toBe(status === 405 ? 'GET, HEAD, POST' : undefined);
    await expect.poll(() => ended).toMatchObject([{ status }]);
  });

  test.each([
    [true, 'quick', 0],
    [false, expect.stringMatching(/ 0$/), 1],
  ])('that may have a quick response waits until that is known: %s', async (isQuick, body, count) => {
    const sent = send({ path: '/quick' });
    expect(await send({})).toMatchObject({ status: 200 });
    quick.resolve(isQuick);
    expect(await sent).toMatchObject({ status: 200, body });
    expect(begun).toBe(1 + count);
  });

  test('whose client leaves while it waits is reported once, and not handled', async () => {
    const { port } = server.address() as AddressInfo;
    const arrived = once(server, 'request');
    const sent = request({ host: '127.0.0.1', port, agent: false, path: '/quick' }).on('error', () => {});
    sent.end();
    const [, outgoing] = await arrived;
    const closed = once(outgoing, 'close');
    sent.destroy();
    await closed;
    quick.resolve(false);
    await expect.poll(() => ended).toMatchObject([{ bytesIn: 0 }]);
    expect(begun).toBe(0);
  });

  test('that is rejected is drained, so that its client sees why', async () => {
    const rejected = await send({ method: 'PUT' }, 'x'.repeat(4 * 1024 * 1024));
    expect(rejected).toMatchObject({ status: 405 });
    await expect.poll(() => ended).toMatchObject([{ bytesIn: 4 * 1024 * 1024 }]);
  });

  test('that cannot be parsed also gets the headers of the form', async () => {
    const rejected = await send({ headers: { 'X-Long': 'x'.repeat(20_000) } });
    expect(rejected).toMatchObject({
      status: 431,
      headers: { 'x-form': 'own', 'content-type': 'text/plain' },
      body: 'The request headers are too large (undefined)',
    });
  });
});
