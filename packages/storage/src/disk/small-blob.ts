import * as fs from 'node:fs';
import type { BlobPart, ByteSpan, OpenBlob, TakePiece } from '../blob-store.ts';
import { spanWithin } from '../spans.ts';

/** A blob of at most so many bytes is read whole when it is opened, such as an image's config. */
export const largestSmallBlob = 64 * 1024;

/** Without O_NONBLOCK the open of a named pipe would wait for its other end. */
const flags = fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK;

/**
 * The bytes of a file of `size` bytes, in `room` if it has one byte more than that; `undefined` when the file has more or fewer.
 * Throws what the system does.
 */
export function readWhole(path: string, size: number, room?: Buffer): Buffer | undefined {
  const fd = fs.openSync(path, flags);
  try {
    // One byte more shows that the file is longer.
    const buffer = room !== undefined && room.length > size ? room : Buffer.allocUnsafeSlow(size + 1);
    return fs.readSync(fd, buffer, 0, size + 1, 0) === size ? buffer.subarray(0, size) : undefined;
  } finally {
    fs.closeSync(fd);
  }
}

/** Bytes in memory as a blob to be read. */
export function blobInMemory(bytes: Buffer): OpenBlob {
  const size = bytes.length;
  let isClosed = false;
  /** The bytes of each span; from then on the blob is closed. */
  const takeSpans = (spans: readonly (ByteSpan | undefined)[]): Buffer[] => {
    if (isClosed) throw new Error('The blob is closed');
    isClosed = true;
    return spans.map((span) => {
      const { start, end } = spanWithin(size, span);
      return bytes.subarray(start, end + 1);
    });
  };
  const give = async (take: TakePiece, pieces: readonly Uint8Array[]): Promise<void> => {
    for (const piece of pieces) if (piece.length > 0) await take(piece);
  };
  return {
    size,
    pipe: async (take, span) => await give(take, takeSpans([span])),
    async pipeParts(take: TakePiece, parts: readonly BlobPart[]) {
      const pieces = takeSpans(parts);
      await give(
        take,
        parts.flatMap(({ ahead }, at) => [ahead, pieces[at]!]),
      );
    },
    stream(span) {
      const pieces = isClosed ? undefined : takeSpans([span]).filter((piece) => piece.length > 0);
      return new ReadableStream<Uint8Array>({
        start(controller) {
          if (pieces === undefined) return controller.error(new Error('The blob is closed'));
          for (const piece of pieces) controller.enqueue(piece);
          controller.close();
        },
      });
    },
    async close() {
      isClosed = true;
    },
  };
}
