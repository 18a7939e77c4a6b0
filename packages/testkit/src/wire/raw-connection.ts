import { once } from 'node:events';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';

/** A response as it stood on the wire. Header names are in lower case; repeated ones are joined by `, `. */
export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const headEnd = '\r\n\r\n';

/** A TLS connection that sends bytes as given and reads one response at a time. */
export class RawConnection implements AsyncDisposable {
  readonly socket: TLSSocket;
  #received = Buffer.alloc(0);
  #ended = false;
  #news = Promise.withResolvers<void>();

  private constructor(socket: TLSSocket) {
    this.socket = socket;
    const tell = () => {
      this.#news.resolve();
      this.#news = Promise.withResolvers();
    };
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      tell();
    });
    for (const event of ['end', 'close', 'error']) {
      socket.on(event, () => {
        this.#ended = true;
        tell();
      });
    }
  }

  /** Connects; rejects when the handshake fails. */
  static async open(
    { port, ca }: { readonly port: number; readonly ca: string },
    options: ConnectionOptions & { readonly localAddress?: string } = {},
  ): Promise<RawConnection> {
    const socket = connect({ host: '127.0.0.1', port, ca, servername: 'localhost', ...options });
    await once(socket, 'secureConnect');
    return new RawConnection(socket);
  }

  /** Resolves when the bytes are with the kernel, or when the other side does not want them any more. */
  async send(data: string | Uint8Array): Promise<void> {
    await new Promise<void>((resolve) => this.socket.write(data, () => resolve()));
  }

  /** What was received and is not part of a parsed response yet. */
  get pending(): string {
    return this.#received.toString('latin1');
  }

  /** Whether the server has closed its side, or the connection broke. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Reads one response, which has a Content-Length, no body, or ends with the connection. Rejects when none comes. */
  async read({ head = false } = {}): Promise<RawResponse> {
    await this.#until(() => this.pending.includes(headEnd));
    const end = this.pending.indexOf(headEnd);
    if (end === -1) throw new Error(`The connection closed without a response, after ${JSON.stringify(this.pending)}`);
    const [statusLine = '', ...lines] = this.pending.slice(0, end).split('\r\n');
    this.#received = this.#received.subarray(end + headEnd.length);
    const headers: Record<string, string> = {};
    for (const line of lines) {
      const colon = line.indexOf(':');
      const name = line.slice(0, colon).toLowerCase();
      const value = line.slice(colon + 1).trim();
      headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
    }
    const status = Number(statusLine.split(' ')[1]);
    const bodiless = head || status < 200 || status === 204 || status === 304;
    const length = bodiless ? 0 : Number(headers['content-length'] ?? Number.POSITIVE_INFINITY);
    await this.#until(() => this.#received.length >= length);
    const body = this.#received.subarray(0, length).toString('utf8');
    this.#received = this.#received.subarray(length);
    return { status, headers, body };
  }

  /** Resolves when the server has closed the connection. */
  async closed(): Promise<void> {
    await this.#until(() => false);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
    // Not `once` of node:events, for which a reset by the other side is a failure.
    if (!this.socket.closed) await new Promise((resolve) => this.socket.once('close', resolve));
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition() && !this.#ended) await this.#news.promise;
  }
}

/** Sends one GET with these headers, Host included, on a connection of its own. */
export async function rawGet(
  server: { readonly port: number; readonly ca: string },
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<RawResponse> {
  await using connection = await RawConnection.open(server);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  await connection.send(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  return await connection.read();
}
