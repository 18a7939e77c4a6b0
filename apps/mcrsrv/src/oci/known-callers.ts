import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { growingCache } from '@mcr/server-kit';

/** Clients whose next connections are known; an entry takes below 1 KiB, since what callers share is there once. */
const maxRemembered = 1_024;

type Request = Pick<IncomingMessage, 'socket' | 'rawHeaders'>;

/** What is known of the client of a connection, with all headers that it sent, to the letter. */
export type KnownCaller<Facts> = Facts & { readonly rawHeaders: readonly string[] };

/**
 * Who sends requests, as those down the ordinary path have shown it. A new connection of a client that sends the same headers from
 * the same address is of the same caller: nothing else goes into that decision. Beyond the connection only a hash of the headers
 * is kept, since there is a token in them.
 */
export class KnownCallers<Facts extends object> {
  readonly #ofConnection = new WeakMap<Socket, KnownCaller<Facts>>();
  readonly #remembered = growingCache<Facts>(maxRemembered);

  /** What is known of the client that has sent the same headers over this connection last, or over any from the same address. */
  find(request: Request): KnownCaller<Facts> | undefined {
    const known = this.#ofConnection.get(request.socket);
    if (known !== undefined && isSame(request.rawHeaders, known.rawHeaders)) return known;
    const remembered = this.#remembered.get(keyOf(request));
    if (remembered === undefined) return undefined;
    const found = { ...remembered, rawHeaders: request.rawHeaders };
    this.#ofConnection.set(request.socket, found);
    return found;
  }

  /** Remembers who has sent a request. */
  keep(request: Request, facts: Facts): void {
    this.#ofConnection.set(request.socket, { ...facts, rawHeaders: request.rawHeaders });
    this.#remembered.set(keyOf(request), facts);
  }

  /** Forgets the client of a connection. */
  forget(socket: Socket): void {
    this.#ofConnection.delete(socket);
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}

/** Neither an address nor a header has a zero byte in it. */
function keyOf({ socket, rawHeaders }: Request): string {
  return hash('sha256', `${socket.remoteAddress ?? ''}\0${rawHeaders.join('\0')}`, 'base64');
}
