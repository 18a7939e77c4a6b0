import type { BlobPart, ByteSpan, OpenBlob, TakePiece } from '../blob-store.ts';
import { spanWithin } from '../spans.ts';
import type { S3Client } from './client/s3-client.ts';
import { readSpan, type StartedRead } from './read-object.ts';

/** An object that was opened for reading. */
export interface OpenedObject {
  readonly client: S3Client;
  readonly key: string;
  readonly size: number;
  /** The response that opening it brought; absent where there is nothing to read. */
  readonly started: StartedRead | undefined;
  /** Called when bytes cannot be read; what it resolves with is thrown. */
  readonly failed: (error: unknown) => Promise<unknown>;
}

/** Bytes of an object as a blob to be read. What was begun when it was opened is used if the same span is asked for. */
export function openedObject({ client, key, size, started, failed }: OpenedObject): OpenBlob {
  let unused = started;
  let isClosed = false;

  const close = (): void => {
    isClosed = true;
    unused?.body.destroy();
    unused = undefined;
  };
  async function* read(span: ByteSpan): AsyncGenerator<Uint8Array, void, void> {
    if (isClosed) throw new Error('The blob was closed');
    const isBegun = unused !== undefined && unused.start === span.start && unused.end === span.end;
    const begun = isBegun ? unused : undefined;
    if (isBegun) unused = undefined;
    try {
      yield* readSpan(client, key, span, begun);
    } catch (error) {
      throw await failed(error);
    }
  }
  const pipeParts = async (take: TakePiece, parts: readonly BlobPart[]): Promise<void> => {
    try {
      for (const part of parts) {
        if (part.ahead.length > 0) await take(part.ahead);
        // What `take` throws is no failure of the storage.
        for await (const piece of read(part)) await take(piece);
      }
    } finally {
      close();
    }
  };

  return {
    size,
    pipe: async (take, span) => await pipeParts(take, [{ ...spanWithin(size, span), ahead: nothing }]),
    pipeParts: async (take, parts) =>
      await pipeParts(
        take,
        parts.map((part) => ({ ...part, ...spanWithin(size, part) })),
      ),
    stream: (span) => streamOf(read(spanWithin(size, span)), close),
    close: async () => close(),
  };
}

const nothing = new Uint8Array(0);

function streamOf(pieces: AsyncGenerator<Uint8Array, void, void>, close: () => void): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await pieces.next().catch((error: unknown) => {
          close();
          throw error;
        });
        if (!next.done) return controller.enqueue(Buffer.from(next.value));
        close();
        controller.close();
      },
      async cancel() {
        await pieces.return();
        close();
      },
    },
    // One piece is read while the one before is sent; more would only hold memory for each slow client.
    { highWaterMark: 1 },
  );
}
