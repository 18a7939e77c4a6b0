import {
  connect,
  createSecureContext,
  type DetailedPeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import type { RunningPeer } from './peers/peer.ts';

/** Where a peer listens, the CA of its certificate, and the Authorization header that it requires. */
export type Address = Pick<RunningPeer, 'host' | 'port' | 'ca' | 'authorization'>;

/** A response without its body, which is counted and dropped. */
export interface PeerResponse {
  readonly status: number;
  readonly headers: string;
  readonly bodyBytes: number;
}

interface Pending {
  readonly resolve: (response: PeerResponse) => void;
  readonly reject: (error: Error) => void;
  readonly isHead: boolean;
}

/** Far longer than any response takes; ends a run against a server that hangs. */
const defaultTimeoutMs = 60_000;
/** The maximum size of a TLS record. */
const readBufferBytes = 16 << 10;

/**
 * One kept-alive HTTP/1.1 connection with as little work per request as JavaScript allows, so that the server and not the
 * client is measured. It understands responses with a Content-Length, one at a time.
 */
export class Connection implements Disposable {
  readonly #socket: TLSSocket;
  #isOpen = false;
  #pending: Pending | undefined;
  #unsent: readonly Uint8Array[] = [];
  #sent = 0;
  /** The part of the response's head that has been received. */
  #head = '';
  #response: { status: number; headers: string; bodyBytes: number } | undefined;
  #bytesLeft = 0;

  private constructor(address: Address, timeoutMs: number, ready: () => void) {
    const buffer = Buffer.allocUnsafe(readBufferBytes);
    const onread = { buffer, callback: (length: number): boolean => this.#read(buffer, length) };
    const { host, port, ca } = address;
    const known = { secureContext: contextFor(ca), servername: 'localhost', checkServerIdentity };
    const options = { host, port, ...known, onread };
    this.#socket = connect(options, ready);
    this.#socket.getPeerCertificate = unread;
    this.#socket.setNoDelay(true);
    this.#socket.on('drain', () => this.#write());
    this.#socket.setTimeout(timeoutMs, () => {
      if (!this.#isOpen || this.#pending !== undefined) this.#socket.destroy(timeoutError(timeoutMs));
    });
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#fail(new Error('The server closed the connection')));
  }

  /** Connects over TLS 1.3 and waits for the handshake. A request fails when the connection is idle for `timeoutMs`. */
  static async open(address: Address, timeoutMs = defaultTimeoutMs): Promise<Connection> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const connection = new Connection(address, timeoutMs, resolve);
    connection.#socket.once('error', reject);
    await promise;
    connection.#isOpen = true;
    return connection;
  }

  /** Sends a whole request and resolves at the last byte of its response, or of the request if that comes later. */
  send(head: string, body: readonly Uint8Array[] = []): Promise<PeerResponse> {
    const { promise, resolve, reject } = Promise.withResolvers<PeerResponse>();
    this.#pending = { resolve, reject, isHead: head.startsWith('HEAD') };
    this.#unsent = body;
    this.#sent = 0;
    this.#socket.cork();
    this.#socket.write(head, 'latin1');
    this.#write();
    this.#socket.uncork();
    return promise;
  }

  [Symbol.dispose](): void {
    this.#pending = undefined;
    this.#socket.destroy();
  }

  /** Writes as much of the body as the socket takes; called again when it takes more. */
  #write(): void {
    let takesMore = true;
    while (takesMore && this.#sent < this.#unsent.length) {
      takesMore = this.#socket.write(this.#unsent[this.#sent]!);
      this.#sent += 1;
    }
    if (this.#response !== undefined) this.#finish();
  }

  #read(buffer: Buffer, length: number): boolean {
    if (this.#response === undefined) this.#readHead(buffer.toString('latin1', 0, length));
    else this.#bytesLeft -= length;
    this.#finish();
    return true;
  }

  #readHead(text: string): void {
    this.#head += text;
    const end = this.#head.indexOf('\r\n\r\n');
    if (end < 0) return;
    const headers = this.#head.slice(0, end);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(headers)?.[1] ?? 0);
    if (/\r\ntransfer-encoding:/i.test(headers)) return this.#fail(new Error(`Not of a known length: ${headers}`));
    const bodyBytes = this.#pending?.isHead === true ? 0 : length;
    this.#response = { status: Number(headers.slice(9, 12)), headers, bodyBytes };
    this.#bytesLeft = bodyBytes - (this.#head.length - end - 4);
    this.#head = '';
  }

  #finish(): void {
    const response = this.#response;
    if (response === undefined || this.#bytesLeft > 0 || this.#sent < this.#unsent.length) return;
    this.#response = undefined;
    this.#pending?.resolve(response);
    this.#pending = undefined;
  }

  #fail(error: Error): void {
    this.#pending?.reject(error);
    this.#pending = undefined;
  }
}

/** The head of a request, with the peer's authorization. */
export function requestHead(
  peer: Address,
  method: string,
  path: string,
  headers: Readonly<Record<string, string | number>> = {},
): string {
  const lines = [`${method} ${path} HTTP/1.1`, `Host: ${peer.host}:${peer.port}`];
  if (peer.authorization !== undefined) lines.push(`Authorization: ${peer.authorization}`);
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function timeoutError(timeoutMs: number): Error {
  return new Error(`The server did nothing for ${timeoutMs / 1_000} s`);
}

/**
 * OpenSSL has verified that the peer's own authority signed the certificate, and it signs no other. Node would turn the
 * whole chain into objects to compare the name, which costs a quarter of a handshake.
 */
const checkServerIdentity = (): undefined => undefined;
const unread = (): DetailedPeerCertificate => ({}) as DetailedPeerCertificate;

/** What Debian's docker and podman prefer. Each server then uses the same cryptography, whatever else it supports. */
const cryptography = {
  minVersion: 'TLSv1.3',
  ciphers: 'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256',
  ecdhCurve: 'X25519',
} as const;

const contexts = new Map<string, SecureContext>();

/** Reading a certificate costs more than a request, so it is done once for each authority. */
function contextFor(ca: string): SecureContext {
  const known = contexts.get(ca) ?? createSecureContext({ ca, ...cryptography });
  contexts.set(ca, known);
  return known;
}
