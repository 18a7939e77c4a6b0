import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RegistryError } from '@mcr/core';
import { recordOf } from './request-record.ts';

/** Below this many bytes in a minute an upload is given up: it would hold its resources forever. */
const minBytesPerMinute = 16 * 1024 * 60;
const minuteMs = 60_000;
/** A refused body is read to its end within these bounds, since clients read the answer only after sending. */
const drainBytes = 64 * 1024 * 1024;
const drainMs = 5_000;

/** Node's side of a request, as the adapter hands it to handlers. */
export interface NodeExchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

/** Length of the body as announced; `undefined` for a chunked one, 0 for none. */
export function bodyLength(incoming: IncomingMessage): number | undefined {
  if (incoming.headers['transfer-encoding'] !== undefined) return undefined;
  return Number(incoming.headers['content-length'] ?? 0);
}

/** The request's body, chunk by chunk, asking a waiting client to go on. Fails when it trickles or breaks off. */
export async function* readBody({ incoming, outgoing }: NodeExchange): AsyncGenerator<Uint8Array> {
  askForBody(incoming, outgoing);
  const record = recordOf(incoming);
  let before = 0;
  const watch = setInterval(() => {
    if (record.bytesIn - before < minBytesPerMinute) incoming.destroy(new Error('The body came too slowly'));
    before = record.bytesIn;
  }, minuteMs);
  try {
    // Kept open when the reader stops early, so that the client can be told why.
    for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      record.bytesIn += chunk.length;
      yield chunk;
    }
  } finally {
    clearInterval(watch);
  }
}

/** The whole body in memory; throws `tooLarge` as soon as it passes `limit` bytes. */
export async function readWhole(exchange: NodeExchange, limit: number, tooLarge: RegistryError): Promise<Uint8Array> {
  const announced = bodyLength(exchange.incoming);
  if (announced !== undefined && announced > limit) throw tooLarge;
  askForBody(exchange.incoming, exchange.outgoing);
  const record = recordOf(exchange.incoming);
  const chunks: Uint8Array[] = [];
  // Not `for await`: leaving that loop destroys the request, and with it the way to answer.
  return await new Promise((resolve, reject) => {
    const { incoming } = exchange;
    const take = (chunk: Uint8Array) => {
      record.bytesIn += chunk.length;
      chunks.push(chunk);
      if (record.bytesIn <= limit) return;
      // The rest is drained, and counted, by whoever answers.
      incoming.off('data', take);
      reject(tooLarge);
    };
    incoming.on('data', take);
    incoming.on('end', () => resolve(Buffer.concat(chunks)));
    incoming.on('error', reject);
    incoming.on('close', () => reject(new Error('The connection closed before the end of the body')));
  });
}

/** Reads the rest of a refused request's body within bounds; afterwards the answer reaches the client. */
export async function drainBody({ incoming, outgoing }: NodeExchange): Promise<void> {
  if (bodyLength(incoming) === 0 || incoming.readableEnded || incoming.destroyed) return;
  outgoing.setHeader('Connection', 'close');
  const record = recordOf(incoming);
  if (record.awaitsContinue) return;
  const { promise: drained, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, drainMs);
  const bound = record.bytesIn + drainBytes;
  incoming.on('data', (chunk: Uint8Array) => {
    record.bytesIn += chunk.length;
    if (record.bytesIn > bound) resolve();
  });
  for (const event of ['end', 'error', 'close']) incoming.once(event, () => resolve());
  incoming.resume();
  await drained;
  clearTimeout(timer);
}

function askForBody(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const record = recordOf(incoming);
  if (!record.awaitsContinue) return;
  record.awaitsContinue = false;
  outgoing.writeContinue();
}
