import { connect as connectPlain, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Bytes that are handed on at a time, until a body turns out to be long. */
const leastPieceSize = 64 * 1024;
/** What may come once reading was stopped: TLS hands on all that it has decrypted. */
const spareSize = 80 * 1024;
/** What TLS decrypts at a time. */
const recordSize = 16 * 1024;
const maxHead = 64 * 1024;
/** What a server may say in a document of an error. */
const maxErrorText = 1024 * 1024;

/** Where connections go to. */
export interface BodyEndpoint {
  readonly endpoint: URL;
  /** PEM of the authorities to trust instead of Node's. */
  readonly ca: string | undefined;
  /** Milliseconds without a byte, after which a read has failed. */
  readonly idleMs: number;
}

/** The head of a response. */
export interface ResponseHead {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * An HTTP/1.1 connection that reads bodies into two buffers, which take turns. Node's client makes a buffer and an event of each read,
 * and S3 servers send as little as 4 KiB at a time: that costs several times what decrypting it does.
 */
export class BodyConnection {
  readonly #socket: Socket;
  readonly #idleMs: number;
  readonly #onEnd: () => void;
  #pieceSize = leastPieceSize;
  #buffer = newBuffer(leastPieceSize);
  #other: Buffer | undefined;
  /** Bytes that the buffer has, and those of them that were taken. */
  #filled = 0;
  #taken = 0;
  /** Bytes that the buffer has to have before what waits goes on. */
  #wanted = 0;
  #wake = (): void => {};
  #timer: NodeJS.Timeout | undefined;
  #isReading = true;
  #isIdle = false;
  #isOver = false;
  #failure: Error | undefined;

  /** Begins to connect; what is wrong shows with the request. `onEnd` is called once the connection is of no more use. */
  constructor({ endpoint, ca, idleMs }: BodyEndpoint, onEnd: () => void) {
    this.#idleMs = idleMs;
    this.#onEnd = onEnd;
    const isSecure = endpoint.protocol === 'https:';
    const host = endpoint.hostname.replace(/^\[|\]$/g, '');
    const buffer = Buffer.allocUnsafeSlow(isSecure ? recordSize : leastPieceSize);
    const onread: OnReadOpts = { buffer, callback: (length) => this.#receive(length, buffer) };
    const options = { host, port: Number(endpoint.port) || (isSecure ? 443 : 80), noDelay: true, onread };
    const trust = { ...(isIP(host) === 0 && { servername: host }), ...(ca !== undefined && { ca }) };
    this.#socket = isSecure ? connectTls({ ...options, ...trust }) : connectPlain(options);
    this.#socket.on('error', (error) => this.#end(error));
    this.#socket.on('close', () => this.#end(undefined));
    this.#socket.resume();
  }

  /** Bytes of a body that the buffer has room for. */
  get #room(): number {
    return this.#buffer.length - spareSize;
  }

  get isUsable(): boolean {
    return !this.#isOver;
  }

  /** Sends a request without a body, and resolves with the head of its response. */
  async request(text: string): Promise<ResponseHead> {
    this.#isIdle = false;
    this.#socket.ref();
    this.#socket.write(text, 'latin1');
    for (;;) {
      const end = this.#buffer.subarray(0, this.#filled).indexOf('\r\n\r\n');
      if (end >= 0) {
        this.#taken = end + 4;
        return parseHead(this.#buffer.toString('latin1', 0, end));
      }
      if (this.#filled > maxHead) throw new Error('the head of the response is too long');
      await this.#until(this.#filled + 1);
    }
  }

  /** Hands on so many bytes at a time, if these are more than before, until the connection is kept. */
  widen(pieceSize: number): void {
    this.#pieceSize = Math.max(this.#pieceSize, pieceSize);
  }

  /**
   * The next bytes of a body of which `left` bytes are left; they are good until the next call. Throws when the connection ends
   * before, when no byte comes for so long, and when more come than are left.
   */
  async next(left: number): Promise<Buffer> {
    await this.#until(this.#taken + Math.min(this.#room, left));
    const piece = this.#buffer.subarray(this.#taken, this.#filled);
    if (piece.length > left) throw new Error('the response is longer than it says');
    const other = this.#other?.length === this.#pieceSize + spareSize ? this.#other : newBuffer(this.#pieceSize);
    [this.#buffer, this.#other] = [other, this.#buffer];
    [this.#filled, this.#taken] = [0, 0];
    // The next piece comes while this one is used.
    if (piece.length < left) this.#read();
    return piece;
  }

  /** The whole body of a response of an error; the connection is of no use afterwards. */
  async errorText({ headers }: ResponseHead): Promise<string> {
    const length = Number(headers['content-length'] ?? Number.NaN);
    const isChunked = headers['transfer-encoding'] === 'chunked';
    for (;;) {
      const bytes = this.#buffer.subarray(this.#taken, this.#filled);
      // The first chunk may be the last one, behind the end of the head.
      const last = this.#buffer.indexOf('\r\n0\r\n', this.#taken - 2);
      if (isChunked && last >= 0 && last < this.#filled) return joinChunks(bytes);
      if (bytes.length >= length || bytes.length > maxErrorText) return bytes.toString('utf8');
      if (this.#isOver && Number.isNaN(length)) return bytes.toString('utf8');
      await this.#until(this.#filled + 1).catch((error: unknown) => {
        if (!this.#isOver || !Number.isNaN(length)) throw error;
      });
    }
  }

  /** Keeps the connection for another request, once the body was read to its end. */
  keep(): void {
    this.#isIdle = true;
    this.#pieceSize = leastPieceSize;
    if (this.#room > leastPieceSize) this.#buffer = newBuffer(leastPieceSize);
    this.#other = undefined;
    this.#socket.unref();
    this.#read();
  }

  destroy(): void {
    this.#socket.destroy();
    this.#end(undefined);
  }

  /** Resolves when the buffer has so many bytes. */
  async #until(wanted: number): Promise<void> {
    while (this.#filled < wanted) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#isOver) throw new Error('the connection was closed');
      const { promise, resolve } = Promise.withResolvers<void>();
      [this.#wanted, this.#wake] = [wanted, resolve];
      this.#timer = setTimeout(() => this.#stall(), this.#idleMs);
      this.#read();
      await promise;
      clearTimeout(this.#timer);
    }
  }

  #stall(): void {
    this.#end(new Error(`no bytes for ${this.#idleMs} ms`));
    this.#socket.destroy();
  }

  #read(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    this.#socket.resume();
  }

  /** Takes what came, and says whether to go on reading. */
  #receive(length: number, bytes: Buffer): boolean {
    if (this.#isIdle) {
      this.destroy();
      return false;
    }
    // Rare: more came than there is room for once reading was stopped.
    if (this.#filled + length > this.#buffer.length) this.#buffer = Buffer.concat([this.#buffer, newBuffer(0)]);
    bytes.copy(this.#buffer, this.#filled, 0, length);
    this.#filled += length;
    this.#timer?.refresh();
    if (this.#filled >= this.#wanted) this.#wake();
    this.#isReading = this.#filled < Math.max(this.#wanted, this.#taken + this.#room);
    return this.#isReading;
  }

  #end(failure: Error | undefined): void {
    this.#failure ??= failure;
    this.#wake();
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onEnd();
  }
}

function newBuffer(pieceSize: number): Buffer {
  return Buffer.allocUnsafeSlow(pieceSize + spareSize);
}

function parseHead(text: string): ResponseHead {
  const [first = '', ...lines] = text.split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first)?.[1]);
  if (Number.isNaN(status)) throw new Error('the server does not speak HTTP/1.1');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { status, headers: Object.fromEntries(headers) };
}

/** The bytes of a body in chunks, as far as they are there: https://www.rfc-editor.org/rfc/rfc9112#section-7.1 */
function joinChunks(bytes: Buffer): string {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf('\r\n', at);
    const size = end < 0 ? 0 : Number.parseInt(bytes.toString('latin1', at, end), 16);
    if (!(size > 0)) return Buffer.concat(chunks).toString('utf8');
    chunks.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
