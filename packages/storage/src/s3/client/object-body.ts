import type { IncomingMessage } from 'node:http';
import { readSizeFor } from '../../read-size.ts';
import { BodyConnection, type BodyEndpoint, type ResponseHead } from './body-connection.ts';
import { piecesOf } from './exchange.ts';

/** A response to a GET, whose bytes were not read yet. */
export interface ObjectBody extends ResponseHead {
  /** The bytes, of which a piece is good until the next one is asked for. Throws when there are fewer than promised. */
  pieces(): AsyncGenerator<Uint8Array, void, void>;
  /** Ends a response that is not read to its end. */
  destroy(): void;
}

/** The response of Node's own client as a body. */
export function bodyOf(response: IncomingMessage, idleMs: number): ObjectBody {
  const { statusCode: status = 0 } = response;
  const headers = Object.fromEntries(
    Object.entries(response.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
  return { status, headers, pieces: () => piecesOf(response, idleMs), destroy: () => void response.destroy() };
}

/** What came of a request: a body, or an error with its document. */
export type Fetched = ObjectBody | (ResponseHead & { readonly text: string });

/** Connections that wait for the next request. */
const maxIdle = 64;

/** Reads objects over connections of its own, which are kept. */
export class BodyConnections {
  readonly #endpoint: BodyEndpoint;
  readonly #open = new Set<BodyConnection>();
  #idle: BodyConnection[] = [];

  constructor(endpoint: BodyEndpoint) {
    this.#endpoint = endpoint;
  }

  /**
   * Sends a GET. `undefined` for a success that does not say how long it is: Node's client reads these. Throws when there is no
   * response; a connection that was kept may have ended by now, so that the request goes over another one.
   */
  async get(target: string, headers: Readonly<Record<string, string | number>>): Promise<Fetched | undefined> {
    const lines = Object.entries({ host: this.#endpoint.endpoint.host, ...headers }).map(
      ([name, value]) => `${name}: ${value}`,
    );
    const text = `GET ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
    for (;;) {
      const kept = this.#idle.pop();
      const connection = kept ?? this.#connect();
      try {
        return await this.#respond(connection, await connection.request(text));
      } catch (error) {
        connection.destroy();
        if (kept === undefined) throw error;
      }
    }
  }

  /** Ends all connections, also those on which a body is read. */
  close(): void {
    for (const connection of this.#open) connection.destroy();
  }

  #connect(): BodyConnection {
    const connection: BodyConnection = new BodyConnection(this.#endpoint, () => {
      this.#open.delete(connection);
      this.#idle = this.#idle.filter((one) => one !== connection);
    });
    this.#open.add(connection);
    return connection;
  }

  async #respond(connection: BodyConnection, head: ResponseHead): Promise<Fetched | undefined> {
    if (head.status < 200 || head.status >= 300) {
      const text = await connection.errorText(head);
      connection.destroy();
      return { ...head, text };
    }
    const length = Number(head.headers['content-length'] ?? Number.NaN);
    if (Number.isNaN(length) || head.headers['transfer-encoding'] !== undefined) {
      connection.destroy();
      return undefined;
    }
    const isKept = head.headers['connection']?.toLowerCase() !== 'close';
    return { ...head, pieces: () => this.#pieces(connection, length, isKept), destroy: () => connection.destroy() };
  }

  async *#pieces(connection: BodyConnection, length: number, isKept: boolean): AsyncGenerator<Buffer, void, void> {
    let left = length;
    connection.widen(Math.min(length, readSizeFor(this.#open.size - this.#idle.length)));
    try {
      while (left > 0) {
        const piece = await connection.next(left);
        left -= piece.length;
        yield piece;
      }
    } finally {
      // Not before the last piece was used: its memory is the connection's.
      if (left === 0 && isKept && connection.isUsable && this.#idle.length < maxIdle) {
        connection.keep();
        this.#idle.push(connection);
      } else connection.destroy();
    }
  }
}
