import { readSync } from 'node:fs';
import type { BlobPart, ByteSpan, OpenBlob, TakePiece } from '../blob-store.ts';
import { BlobMissing } from '../errors.ts';
import { readSize, readSizeFor } from '../read-size.ts';
import { spanWithin } from '../spans.ts';
import { type Descriptor, read } from './descriptor.ts';
import type { QuickReads } from './quick-reads.ts';

/** Shares memory for buffers among the downloads of a store. */
export class ReadBuffers {
  #downloads = 0;

  /** Runs a download with two buffers of the size that there is room for, at most `longest` bytes each. */
  async use(longest: number, download: (buffers: readonly [Buffer, Buffer]) => Promise<void>): Promise<void> {
    this.#downloads += 1;
    try {
      const size = Math.min(readSizeFor(this.#downloads), longest);
      await download([Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(size)]);
    } finally {
      this.#downloads -= 1;
    }
  }
}

/** How the spans of a file are read. */
export interface ReadOptions {
  readonly buffers: ReadBuffers;
  /** Tried first, where it is given. */
  readonly quick?: QuickReads | undefined;
  /** Called when the file cannot be read, or is shorter than promised. */
  readonly onFailure?: (error: unknown) => void;
}

/** Yields a span of a file and closes it at the end. Throws when the file ends before the span does. */
export async function* readSpan(file: Descriptor, { start, end }: ByteSpan): AsyncGenerator<Uint8Array, void, void> {
  try {
    for (let position = start; position <= end; ) {
      const wanted = Math.min(readSize, end + 1 - position);
      const { bytesRead, buffer } = await read(file.fd, Buffer.allocUnsafeSlow(wanted), 0, wanted, position);
      if (bytesRead === 0) {
        throw new BlobMissing(`The file ends at byte ${position}, but ${end + 1} bytes were promised`);
      }
      position += bytesRead;
      yield bytesRead === wanted ? buffer : buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/**
 * A span of a file as a stream, which closes the file at the end, on error, and on cancel. `onFailure` is called when the
 * file cannot be read, or is shorter than promised.
 */
export function streamSpan(
  file: Descriptor,
  span: ByteSpan,
  onFailure?: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  const chunks = readSpan(file, span);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await chunks.next().catch((error: unknown) => {
          onFailure?.(error);
          throw error;
        });
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        // Waits for a read in flight, so that its descriptor number is not given away under it.
        await chunks.return();
        // A generator that never ran has not entered its `finally`.
        await file.close();
      },
    },
    // One chunk is read while the one before is sent; more would only hold memory for each slow client.
    { highWaterMark: 1 },
  );
}

/**
 * Gives spans of a file to `take`, piece after piece, and closes the file. Two buffers take turns, one being read into
 * while the other is taken: with new memory for each piece, collecting it costs more than encrypting what is in it.
 */
export async function pipeParts(
  file: Descriptor,
  parts: readonly BlobPart[],
  take: TakePiece,
  { buffers, quick, onFailure = () => {} }: ReadOptions,
): Promise<void> {
  const longest = parts.reduce((most, { start, end }) => Math.max(most, end + 1 - start), 0);
  try {
    await buffers.use(longest, async (pair) => {
      for (const part of parts) {
        if (part.ahead.length > 0) await take(part.ahead);
        await pipeSpan(file, part, pair, take, { quick, onFailure });
      }
    });
  } finally {
    await file.close();
  }
}

async function pipeSpan(
  file: Descriptor,
  { start, end }: ByteSpan,
  buffers: readonly [Buffer, Buffer],
  take: TakePiece,
  { quick, onFailure }: { readonly quick: QuickReads | undefined; readonly onFailure: (error: unknown) => void },
): Promise<void> {
  const readQuickly = (position: number, buffer: Buffer): Buffer | undefined => {
    const wanted = Math.min(buffer.length, end + 1 - position);
    const bytesRead = quick?.try(() => readSync(file.fd, buffer, 0, wanted, position));
    return bytesRead ? buffer.subarray(0, bytesRead) : undefined;
  };
  const readAt = async (position: number, buffer: Buffer): Promise<Buffer> => {
    const { bytesRead } = await read(file.fd, buffer, 0, Math.min(buffer.length, end + 1 - position), position);
    if (bytesRead > 0) return buffer.subarray(0, bytesRead);
    throw new BlobMissing(`The file ends at byte ${position}, but ${end + 1} bytes were promised`);
  };

  let [current, other] = buffers;
  let ahead: Promise<Buffer> | undefined;
  try {
    for (let position = start; position <= end; [current, other] = [other, current]) {
      const quickly = ahead === undefined ? readQuickly(position, current) : undefined;
      const piece =
        quickly ??
        (await (ahead ?? readAt(position, current)).catch((error: unknown) => {
          onFailure(error);
          throw error;
        }));
      position += piece.length;
      // What can be read quickly need not be read ahead.
      const readsAhead = quickly === undefined && (quick?.isPaused ?? true) && position <= end;
      ahead = readsAhead ? readAt(position, other) : undefined;
      // Its failure is met in the next round, unless there is none.
      ahead?.catch(() => {});
      await take(piece);
    }
  } finally {
    // A read in flight would otherwise go to whichever file gets the descriptor's number next.
    await ahead?.catch(() => {});
  }
}

/** A file of `size` bytes as a blob to be read. */
export function openedBlob(file: Descriptor, size: number, options: ReadOptions): OpenBlob {
  return {
    size,
    pipe: async (take, span) => await pipeParts(file, [{ ...spanWithin(size, span), ahead: nothing }], take, options),
    pipeParts: async (take, parts) => {
      for (const part of parts) spanWithin(size, part);
      await pipeParts(file, parts, take, options);
    },
    stream: (span) => streamSpan(file, spanWithin(size, span), options.onFailure),
    close: () => file.close(),
  };
}

const nothing = new Uint8Array(0);
