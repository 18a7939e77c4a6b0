import type { IncomingMessage, ServerResponse } from 'node:http';
import { RegistryError } from '@mcr/core';
import { gatherBody } from './gather-body.ts';
import { recordOf } from './request-record.ts';

/** A body slower than this many bytes a minute is aborted: it would hold its resources forever. */
const minBytesPerMinute = 16 * 1024 * 60;
const minuteMs = 60_000;
/**
 * Deadline for forms and JSON. Clients send them together with the headers; the largest allowed body meets it at 9
 * kB/s.
 */
export const smallBodyMs = 30_000;
/**
 * A rejected body is drained within these bounds, since clients read the response only after they have sent the body.
 */
const drainBytes = 64 * 1024 * 1024;
const drainMs = 5_000;

/** Node's side of a request, as the adapter passes it to handlers. */
export interface NodeExchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

/** The announced length of the body; `undefined` if it is chunked, 0 without a body. */
export function bodyLength(incoming: IncomingMessage): number | undefined {
  if (incoming.headers['transfer-encoding'] !== undefined) return undefined;
  return Number(incoming.headers['content-length'] ?? 0);
}

/**
 * Yields the request's body, some chunks at a time, and sends `100 Continue` to a client that waits for it. Fails if the
 * body is too slow or the connection breaks. It stays open when the reader stops early, so that an error can still be sent.
 */
export async function* readBody({ incoming, outgoing }: NodeExchange): AsyncGenerator<readonly Uint8Array[]> {
  askForBody(incoming, outgoing);
  const record = recordOf(incoming);
  using _watch = watchRate(incoming);
  yield* gatherBody(incoming, (bytes) => {
    record.bytesIn += bytes;
  });
}

/** A body that is buffered whole. */
export interface WholeBody {
  /** What the body is, for the error message, such as `A manifest`. */
  readonly what: string;
  /** Maximum size in bytes. */
  readonly limit: number;
  /** Deadline in milliseconds; without one the minimum rate of uploads applies. */
  readonly within?: number;
  /** Called with the length of each chunk before it is buffered; an error that it throws stops the reading. */
  readonly count?: ((bytes: number) => void) | undefined;
}

/**
 * Returns the whole body; throws `TOO_LARGE` as soon as it exceeds the limit. Fails if it is too slow or the connection
 * breaks.
 */
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
  // Not `for await`: leaving that loop destroys the request, and the response could not be sent.
  return await new Promise((resolve, reject) => {
    const take = (chunk: Uint8Array) => {
      record.bytesIn += chunk.length;
      try {
        if (record.bytesIn > limit) throw tooLarge;
        count?.(chunk.length);
        whole.add(chunk);
      } catch (error) {
        // The caller drains, and counts, the rest before it responds.
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

/** Copies into one buffer: a list of one-byte chunks, which a client can force, takes a hundred times the memory. */
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
  incoming.destroy(new Error('The body was sent too slowly'));
}

/** Drains the rest of a rejected request's body within bounds, so that the response reaches the client. */
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
