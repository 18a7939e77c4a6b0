import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';

/**
 * TLS over a TCP connection that can be reset below it at any moment. TLS that owns the connection cannot: Node has ended
 * with a segmentation fault when it was reset under pending writes.
 */
export function connectOver(tcp: Socket, options: ConnectionOptions): TLSSocket {
  return connect({ ...options, socket: new Wire(tcp) });
}

/** A TCP connection as no more than a stream. */
class Wire extends Duplex {
  readonly #tcp: Socket;

  constructor(tcp: Socket) {
    super();
    this.#tcp = tcp;
    tcp.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) tcp.pause();
    });
    tcp.on('end', () => this.push(null));
    tcp.on('error', (error) => this.destroy(error));
    tcp.on('close', () => this.destroy());
  }

  override _read(): void {
    this.#tcp.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    // What is corked goes out later, all at once.
    const isHeld = this.#tcp.writableCorked > 0;
    this.#tcp.write(chunk, isHeld ? undefined : done);
    if (isHeld) done();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#tcp.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#tcp.destroy();
    done(error);
  }
}
