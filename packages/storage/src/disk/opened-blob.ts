import type { ByteSpan, OpenBlob } from '../blob-store.ts';
import type { Descriptor } from './descriptor.ts';
import { pipeParts, type ReadOptions, streamSpan } from './read-span.ts';

/** A file of `size` bytes as a blob to be read. */
export function openedBlob(file: Descriptor, size: number, options: ReadOptions): OpenBlob {
  const spanOf = (span?: ByteSpan): ByteSpan => (span === undefined ? whole(size) : within(span, size));
  return {
    size,
    pipe: async (take, span) => await pipeParts(file, [{ ...spanOf(span), ahead: nothing }], take, options),
    pipeParts: async (take, parts) => {
      for (const part of parts) within(part, size);
      await pipeParts(file, parts, take, options);
    },
    stream: (span) => streamSpan(file, spanOf(span), options.onFailure),
    close: () => file.close(),
  };
}

const nothing = new Uint8Array(0);

function whole(size: number): ByteSpan {
  return { start: 0, end: size - 1 };
}

function within(span: ByteSpan, size: number): ByteSpan {
  if (0 <= span.start && span.start <= span.end && span.end < size) return span;
  throw new RangeError(`A blob of ${size} bytes has no bytes ${span.start} to ${span.end}`);
}
