import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { bodyLength } from './body.ts';
import { plainAddress } from './client-address.ts';
import type { OnReject } from './rejections.ts';

/**
 * Maximum number of pipelined requests that wait on one connection. Node parses as many as fit into 64 KiB, some
 * thousands, each of which takes a few KiB; few clients send a request before they have the response to the last.
 */
const maxWaiting = 8;
/**
 * Milliseconds that a request with a body may wait. A client can have the whole response shortly before the server
 * notices.
 */
const bodyWaitMs = 10_000;

/** A connection with the request that is being handled and those that wait. */
interface Line {
  current: ServerResponse | undefined;
  readonly waiting: Waiting[];
}

interface Waiting {
  readonly begin: () => void;
  /** Closes the connection if a body waits too long. */
  readonly late: NodeJS.Timeout | undefined;
}

/**
 * Handles the requests of an HTTP/1.1 connection one at a time (RFC 9112 section 9.3.2): files that one request opens
 * are closed before the next one opens any. A connection with more than a few waiting requests is closed.
 */
export class RequestLine {
  readonly #lines = new WeakMap<Socket, Line>();
  readonly #onReject: OnReject;

  /** `onReject` is called for each connection that is closed, with the reason `pipelining`. */
  constructor(onReject: OnReject) {
    this.#onReject = onReject;
  }

  /** Calls `handle` when the response to the previous request has ended, or never if the connection closes first. */
  enter(incoming: IncomingMessage, outgoing: ServerResponse, handle: () => void): void {
    const { socket } = incoming;
    const line = this.#lineOf(socket);
    const begin = (): void => {
      line.current = outgoing;
      // Not `once`, which makes Node copy the listeners of each response; the event comes once anyway.
      outgoing.on('close', () => {
        line.current = undefined;
        if (!socket.destroyed) next(socket, line);
      });
      handle();
    };
    if (line.current === undefined && line.waiting.length === 0) begin();
    else if (line.waiting.length === maxWaiting) this.#reject(socket);
    else line.waiting.push({ begin, late: bodyLength(incoming) === 0 ? undefined : this.#holdBody(socket) });
  }

  /**
   * Whether an error response would corrupt the connection: part of another response has been sent, or one has to come
   * first.
   */
  isBusy(socket: Socket): boolean {
    const line = this.#lines.get(socket);
    return line !== undefined && (line.current?.headersSent === true || line.waiting.length > 0);
  }

  /** Stops reading a body while it waits: in one-byte chunks it would take a hundred times its size in memory. */
  #holdBody(socket: Socket): NodeJS.Timeout {
    socket.pause();
    return setTimeout(() => this.#reject(socket), bodyWaitMs);
  }

  #reject(socket: Socket): void {
    if (socket.destroyed) return;
    this.#onReject('pipelining', plainAddress(socket.remoteAddress ?? ''));
    socket.destroy();
  }

  #lineOf(socket: Socket): Line {
    const known = this.#lines.get(socket);
    if (known !== undefined) return known;
    const line: Line = { current: undefined, waiting: [] };
    this.#lines.set(socket, line);
    socket.once('close', () => {
      for (const { late } of line.waiting.splice(0)) clearTimeout(late);
    });
    return line;
  }
}

function next(socket: Socket, line: Line): void {
  const waiting = line.waiting.shift();
  if (waiting === undefined) return;
  if (waiting.late !== undefined) {
    clearTimeout(waiting.late);
    socket.resume();
  }
  waiting.begin();
}
