import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import type { Visited } from './ask.ts';
import type { Visitor } from './visitor.ts';

/** A response with server-sent events, as far as it has come. */
export interface Events extends Disposable {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Names and data, such as `news 1.0 was pushed`. */
  readonly list: () => string[];
  /** How the response ended, if it has. */
  readonly ended: () => 'whole' | 'broken' | undefined;
}

/** Opens a stream as a browser does, and resolves with the headers of the response. */
export async function openEvents(web: Visited, visitor: Visitor, path: string, method = 'GET'): Promise<Events> {
  const { promise, resolve, reject } = Promise.withResolvers<Events>();
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const headers = { cookie, accept: 'text/event-stream' };
  const sent = request(web.url + path, { ca: web.ca.caPem, agent: false, method, headers }, (response) => {
    let received = '';
    let ended: 'whole' | 'broken' | undefined;
    response.setEncoding('utf8').on('data', (text: string) => void (received += text));
    response.on('end', () => void (ended = 'whole')).on('error', () => void (ended = 'broken'));
    resolve({
      status: response.statusCode ?? 0,
      headers: response.headers,
      list: () => [...received.matchAll(/event: (.*)\ndata: (.*)\n\n/g)].map(([, event, data]) => `${event} ${data}`),
      ended: () => ended,
      [Symbol.dispose]: () => void response.destroy(),
    });
  });
  sent.on('error', reject).end();
  return await promise;
}
