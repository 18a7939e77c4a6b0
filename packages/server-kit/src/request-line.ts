import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { bodyLength } from './body.ts';
import { plainAddress } from './client-address.ts';
import type { OnReject } from './rejections.ts';

/**
 * Requests that wait for the one before them on the same connection. Node reads as many as fit into 64 KiB at once, some
 * thousands, each of which takes a few KiB; clients that send one before they have the response to another are rare.
 */
const maxWaiting = 8;
/** Milliseconds that a request with a body waits. A client has the response before the server knows, but not long before. */
const bodyWaitMs = 10_000;

/** A connection with a request that is being handled, and those behind it. */
interface Line {
  current: ServerResponse | undefined;
  readonly waiting: Waiting[];
}

interface Waiting {
  readonly begin: () => void;
  /** Ends the connection when a body has waited too long. */
  readonly late: NodeJS.Timeout | undefined;
}

/**
 * Has the requests of an HTTP/1.1 connection handled one after the other (RFC 9112 section 9.3.2): what a request opens
 * is closed before the next one opens something. A connection with more than a few that wait is closed.
 */
export class RequestLine {
  readonly #lines = new WeakMap<Socket, Line>();
  readonly #onReject: OnReject;

  /** `onReject` is told of each connection that is closed, for the reason `pipelining`. */
  constructor(onReject: OnReject) {
    this.#onReject = onReject;
  }

  /** Calls `handle` when the response to the request before has ended, or never when the connection ends first. */
  enter(incoming: IncomingMessage, outgoing: ServerResponse, handle: () => void): void {
    const { socket } = incoming;
    const line = this.#lineOf(socket);
    const begin = (): void => {
      line.current = outgoing;
      outgoing.once('close', () => {
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
   * Whether anything but the rest of a response would be mistaken on that connection: a part of one is on its way, or
   * another has to come first.
   */
  isBusy(socket: Socket): boolean {
    const line = this.#lines.get(socket);
    return line !== undefined && (line.current?.headersSent === true || line.waiting.length > 0);
  }

  /** Reads no more of a body while it waits: in chunks of a byte it takes a hundred times its size. */
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
