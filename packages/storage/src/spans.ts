import type { ByteSpan } from './blob-store.ts';

/** A span of a blob of `size` bytes, by default all of it. Throws a `RangeError` when the blob does not have it. */
export function spanWithin(size: number, span?: ByteSpan): ByteSpan {
  if (span === undefined) return { start: 0, end: size - 1 };
  if (0 <= span.start && span.start <= span.end && span.end < size) return span;
  throw new RangeError(`A blob of ${size} bytes has no bytes ${span.start} to ${span.end}`);
}
