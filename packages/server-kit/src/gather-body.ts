import type { IncomingMessage } from 'node:http';

/** Bytes of a batch. Node makes a chunk of each TLS record, 16 KiB at most: to hand on each would cost as much as to hash it. */
const batchBytes = 128 * 1024;
/** Chunks of a batch: a bound on what a trickle of tiny ones holds. */
const batchChunks = 512;

/**
 * The body of a request as batches of chunks, none of them copied. One is gathered while the one before it is in use; when
 * that lasts, the client has to wait. `count` is called with the length of each chunk as it comes. What came before the
 * connection broke is handed on before the error is thrown.
 */
export async function* gatherBody(
  incoming: IncomingMessage,
  count: (bytes: number) => void,
): AsyncGenerator<readonly Uint8Array[]> {
  if (incoming.readableEnded) return;
  const gathered = new Gathered(incoming, count);
  try {
    for (;;) {
      const batch = await gathered.next();
      if (batch.length === 0) return;
      yield batch;
    }
  } finally {
    gathered.stop();
  }
}

/**
 * Gives back the memory of chunks of a body, which must not be read any more. Left to V8, it would lie outside of the
 * heap until there is so much of it that the whole heap is collected, after every 13 MiB.
 */
export function freeChunks(chunks: readonly Uint8Array[]): void {
  for (const { buffer, byteLength } of chunks) {
    // Node's parser gives each chunk memory of its own; other memory may have other readers.
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
  }
}

class Gathered {
  readonly #incoming: IncomingMessage;
  readonly #count: (bytes: number) => void;
  #batch: Uint8Array[] = [];
  #bytes = 0;
  #end: { readonly error?: unknown } | undefined;
  /** Set while the reader waits. */
  #wake: ((batch: readonly Uint8Array[]) => void) | undefined;

  constructor(incoming: IncomingMessage, count: (bytes: number) => void) {
    this.#incoming = incoming;
    this.#count = count;
    incoming.on('data', this.#take);
    incoming.on('end', this.#onEnd);
    incoming.on('error', this.#onError);
    incoming.on('close', this.#onClose);
    if (incoming.destroyed) this.#onError(incoming.errored ?? closedEarly());
    else incoming.resume();
  }

  /** The next batch, or none at the end. Throws what the body broke off with. */
  async next(): Promise<readonly Uint8Array[]> {
    const batch = this.#isFull() || this.#end !== undefined ? this.#takeBatch() : await this.#coming();
    if (batch.length === 0 && this.#end !== undefined && 'error' in this.#end) throw this.#end.error;
    return batch;
  }

  /** The rest of the body stays unread. */
  stop(): void {
    this.#incoming.off('data', this.#take);
    this.#incoming.off('end', this.#onEnd);
    this.#incoming.off('error', this.#onError);
    this.#incoming.off('close', this.#onClose);
    if (this.#end === undefined) this.#incoming.pause();
  }

  #coming(): Promise<readonly Uint8Array[]> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #takeBatch(): readonly Uint8Array[] {
    const batch = this.#batch;
    this.#batch = [];
    this.#bytes = 0;
    if (this.#incoming.isPaused()) this.#incoming.resume();
    return batch;
  }

  #isFull(): boolean {
    return this.#bytes >= batchBytes || this.#batch.length >= batchChunks;
  }

  readonly #take = (chunk: Uint8Array): void => {
    this.#count(chunk.length);
    this.#batch.push(chunk);
    this.#bytes += chunk.length;
    if (!this.#isFull()) return;
    if (this.#wake === undefined) this.#incoming.pause();
    else this.#handOn();
  };

  readonly #onEnd = (): void => this.#finish({});
  readonly #onError = (error: unknown): void => this.#finish({ error });
  readonly #onClose = (): void => this.#finish({ error: closedEarly() });

  #finish(end: { readonly error?: unknown }): void {
    this.#end ??= end;
    this.#handOn();
  }

  #handOn(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.(this.#takeBatch());
  }
}

function closedEarly(): Error {
  return new Error('The connection closed before the end of the body');
}
