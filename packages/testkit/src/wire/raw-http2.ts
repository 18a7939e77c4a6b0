import type { ConnectionOptions } from 'node:tls';
import { flag, frame, frameType, headerBlock, noTable, preface, settings } from './frames.ts';
import { RawConnection } from './raw-connection.ts';

/** A frame as it came: its type, its stream and its payload. */
export interface RawFrame {
  readonly type: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** An HTTP/2 connection to the RPCs whose frames a test sends and reads itself. */
export class RawHttp2 implements AsyncDisposable {
  readonly #connection: RawConnection;
  readonly #received: Buffer[] = [];
  #stream = -1;

  private constructor(connection: RawConnection) {
    this.#connection = connection;
    connection.socket.on('data', (bytes: Buffer) => this.#received.push(bytes));
  }

  /** Connects with these SETTINGS, pairs of an identifier and a value. */
  static async open(
    { grpcPort: port, ca }: { readonly grpcPort: number; readonly ca: string },
    options: ConnectionOptions & { readonly localAddress?: string } = {},
    ...own: readonly (readonly [id: number, value: number])[]
  ): Promise<RawHttp2> {
    const connection = await RawConnection.open({ port, ca }, { ALPNProtocols: ['h2'], ...options });
    const http2 = new RawHttp2(connection);
    await connection.send(Buffer.concat([preface, noTable, ...(own.length > 0 ? [settings(...own)] : [])]));
    return http2;
  }

  /** HEADERS and an empty message of a gRPC call on a stream of its own. */
  call(path: string): Buffer {
    const head = this.head(path);
    return Buffer.concat([head, frame(frameType.data, flag.endStream, this.#stream, Buffer.alloc(5))]);
  }

  /** HEADERS alone. */
  head(path: string): Buffer {
    this.#stream += 2;
    const fields = [
      [':method', 'POST'],
      [':scheme', 'https'],
      [':authority', 'localhost'],
      [':path', path],
      ['content-type', 'application/grpc'],
      ['te', 'trailers'],
    ] as const;
    return frame(frameType.headers, flag.endHeaders, this.#stream, headerBlock(fields));
  }

  /** HEADERS, and RST_STREAM behind them. */
  reset(path: string): Buffer {
    const head = this.head(path);
    return Buffer.concat([head, frame(frameType.reset, 0, this.#stream, Buffer.from([0, 0, 0, 8]))]);
  }

  async send(...bytes: readonly Buffer[]): Promise<void> {
    await this.#connection.send(Buffer.concat(bytes));
  }

  /** Every frame that came whole so far. */
  get frames(): RawFrame[] {
    const bytes = Buffer.concat(this.#received);
    const frames: RawFrame[] = [];
    for (let at = 0; at + 9 <= bytes.length; ) {
      const length = bytes.readUIntBE(at, 3);
      if (at + 9 + length > bytes.length) break;
      const payload = bytes.subarray(at + 9, at + 9 + length);
      frames.push({ type: bytes[at + 3]!, stream: bytes.readUInt32BE(at + 5), payload });
      at += 9 + length;
    }
    return frames;
  }

  /** Error codes of the GOAWAY frames that came. */
  get goodbyes(): number[] {
    return this.frames.filter(({ type }) => type === frameType.goAway).map(({ payload }) => payload.readUInt32BE(4));
  }

  /** Whether the server has closed the connection. */
  get ended(): boolean {
    return this.#connection.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection[Symbol.asyncDispose]();
  }
}
