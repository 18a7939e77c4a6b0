import { connect, type TLSSocket } from 'node:tls';
import type { RunningPeer } from './peers/peer.ts';

/** An answer without its body, which is counted and dropped. */
export interface Answer {
  readonly status: number;
  readonly headers: string;
  readonly bodyBytes: number;
}

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  readonly head: boolean;
}

/**
 * One kept-alive HTTP/1.1 connection with as little work per request as JavaScript allows, so that the server and not the
 * client is measured. It understands answers with a Content-Length, one at a time.
 */
export class Connection implements Disposable {
  readonly #socket: TLSSocket;
  #pending: Pending | undefined;
  #buffered: Buffer = Buffer.alloc(0);
  #answer: { status: number; headers: string; length: number; received: number } | undefined;

  private constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('The server closed the connection')));
  }

  /** Connects over TLS 1.3 and waits for the handshake. */
  static async open(peer: RunningPeer): Promise<Connection> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const socket = connect({
      host: peer.host,
      port: peer.port,
      ca: peer.ca,
      minVersion: 'TLSv1.3',
      servername: 'localhost',
    });
    socket.setNoDelay(true);
    socket.once('secureConnect', resolve);
    socket.once('error', reject);
    await promise;
    return new Connection(socket);
  }

  /** Sends a whole request and resolves at the last byte of its answer. */
  send(head: string, body: readonly Uint8Array[] = []): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#pending = { resolve, reject, head: head.startsWith('HEAD') };
    this.#socket.cork();
    this.#socket.write(head, 'latin1');
    for (const chunk of body) this.#socket.write(chunk);
    this.#socket.uncork();
    return promise;
  }

  [Symbol.dispose](): void {
    this.#pending = undefined;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    if (this.#answer === undefined) {
      this.#buffered = this.#buffered.length === 0 ? chunk : Buffer.concat([this.#buffered, chunk]);
      const end = this.#buffered.indexOf('\r\n\r\n');
      if (end < 0) return;
      const headers = this.#buffered.toString('latin1', 0, end);
      const length = this.#pending?.head === true ? 0 : Number(/\r\ncontent-length: *(\d+)/i.exec(headers)?.[1] ?? 0);
      this.#answer = {
        status: Number(headers.slice(9, 12)),
        headers,
        length,
        received: this.#buffered.length - end - 4,
      };
      this.#buffered = Buffer.alloc(0);
    } else {
      this.#answer.received += chunk.length;
    }
    const { status, headers, length, received } = this.#answer;
    if (received < length) return;
    this.#answer = undefined;
    this.#pending?.resolve({ status, headers, bodyBytes: received });
  }

  #fail(error: Error): void {
    this.#pending?.reject(error);
    this.#pending = undefined;
  }
}

/** The head of a request, with the peer's authorization and the body's length. */
export function requestHead(peer: RunningPeer, method: string, path: string, length?: number, type?: string): string {
  const lines = [`${method} ${path} HTTP/1.1`, `Host: ${peer.host}:${peer.port}`];
  if (peer.authorization !== undefined) lines.push(`Authorization: ${peer.authorization}`);
  if (length !== undefined) lines.push(`Content-Length: ${length}`);
  if (type !== undefined) lines.push(`Content-Type: ${type}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
