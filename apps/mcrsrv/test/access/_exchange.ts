import type { Transport } from '@connectrpc/connect';
import { ConnectError } from '@connectrpc/connect';
import { RawConnection } from '@mcr/testkit';
import type { TestServer } from '../_util/server.ts';
import type { Introduction } from './_callers.ts';
import type { HttpRequest, Request } from './_rows.ts';
import { call, withQuery } from './_send.ts';

/** Whatever a client can see of a response, byte by byte: over HTTP all of it, of a call status, message and metadata. */
export async function exchange(
  server: TestServer,
  transport: Transport,
  request: Request,
  introduction: Introduction,
): Promise<string> {
  if (!('input' in request)) return await overHttp(server, request, introduction);
  return await call(transport, request, introduction.headers).then(
    () => 'no rejection',
    (error: unknown) => {
      const { code, rawMessage, metadata, details } = ConnectError.from(error);
      return JSON.stringify({ code, rawMessage, details, metadata: [...metadata] });
    },
  );
}

async function overHttp(server: TestServer, request: HttpRequest, { headers, query }: Introduction): Promise<string> {
  await using connection = await RawConnection.open(server);
  const all = { Host: 'localhost', Connection: 'close', ...request.headers, ...headers };
  const length = request.body === undefined ? '' : `Content-Length: ${Buffer.byteLength(request.body)}\r\n`;
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${request.method} ${withQuery(request.path, query)} HTTP/1.1\r\n${lines.join('')}${length}\r\n`;
  await connection.send(head + (request.body ?? ''));
  await connection.closed();
  return connection.pending;
}

/** The response without what is new in every response, and with these words, which the question named, taken out. */
export function masked(response: string, words: readonly string[]): string {
  const plain = response
    .replaceAll(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g, 'UUID')
    .replaceAll(/[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT/g, 'DATE');
  const spellings = words.flatMap((word) => [word, encodeURIComponent(word)]);
  return spellings.reduce((text, word) => text.replaceAll(word, 'NAMED'), plain);
}
