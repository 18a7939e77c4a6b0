import type { IncomingMessage, ServerResponse } from 'node:http';
import { RegistryError } from '@mcr/core';
import { recordOf } from './request-record.ts';

/** Below this many bytes in a minute a body is given up: it would hold its resources forever. */
const minBytesPerMinute = 16 * 1024 * 60;
const minuteMs = 60_000;
/** How long forms and JSON may take. Clients send them with the headers; the largest comes at 9 kB/s by then. */
export const smallBodyMs = 30_000;
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
  using _watch = watchRate(incoming);
  // Kept open when the reader stops early, so that the client can be told why.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    record.bytesIn += chunk.length;
    yield chunk;
  }
}

/** A body that is read as a whole. */
export interface WholeBody {
  /** What it is, for the refusal, such as `A manifest`. */
  readonly what: string;
  /** The most bytes that it may have. */
  readonly limit: number;
  /** Milliseconds that it may take; without them it has the minimum rate of an upload. */
  readonly within?: number;
  /** Called with the length of each chunk before that is kept; what it throws ends the reading. */
  readonly count?: ((bytes: number) => void) | undefined;
}

/** The whole body in memory; throws `TOO_LARGE` as soon as it passes the limit. Fails when it trickles or breaks off. */
export async function readWhole({ incoming, outgoing }: NodeExchange, body: WholeBody): Promise<Uint8Array> {
  const { what, limit, within, count } = body;
  const announced = bodyLength(incoming);
  const tooLarge = new RegistryError('TOO_LARGE', `${what} may have at most ${limit} bytes`);
  if (announced !== undefined && announced > limit) throw tooLarge;
  count?.(0);
  askForBody(incoming, outgoing);
  const record = recordOf(incoming);
  const whole = new GrowingBytes();
  using _watch = within === undefined ? watchRate(incoming) : watchDeadline(incoming, within);
  // Not `for await`: leaving that loop destroys the request, and with it the way to answer.
  return await new Promise((resolve, reject) => {
    const take = (chunk: Uint8Array) => {
      record.bytesIn += chunk.length;
      try {
        if (record.bytesIn > limit) throw tooLarge;
        count?.(chunk.length);
        whole.add(chunk);
      } catch (error) {
        // The rest is drained, and counted, by whoever answers.
        incoming.off('data', take);
        reject(error);
      }
    };
    incoming.on('data', take);
    incoming.on('end', () => resolve(whole.bytes));
    incoming.on('error', reject);
    incoming.on('close', () => reject(new Error('The connection closed before the end of the body')));
  });
}

/** Bytes in one piece: a list of chunks of a byte each, as a client may send them, takes a hundred times what it holds. */
class GrowingBytes {
  #space = Buffer.alloc(0);
  #length = 0;

  get bytes(): Uint8Array {
    return this.#space.subarray(0, this.#length);
  }

  add(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#space.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, 2 * this.#space.length));
      this.#space.copy(larger, 0, 0, this.#length);
      this.#space = larger;
    }
    this.#space.set(chunk, this.#length);
    this.#length = length;
  }
}

function watchRate(incoming: IncomingMessage): Disposable {
  const record = recordOf(incoming);
  let before = 0;
  const timer = setInterval(() => {
    if (record.bytesIn - before < minBytesPerMinute) giveUp(incoming);
    before = record.bytesIn;
  }, minuteMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function watchDeadline(incoming: IncomingMessage, ms: number): Disposable {
  const timer = setTimeout(() => giveUp(incoming), ms);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}

function giveUp(incoming: IncomingMessage): void {
  incoming.destroy(new Error('The body came too slowly'));
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
