import { randomBytes } from 'node:crypto';

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The body of a 206 that has several ranges of a blob. */
export interface MultipartRanges {
  readonly contentType: string;
  /** Bytes of the whole body. */
  readonly length: number;
  /** Each range with the delimiter and the headers that go ahead of its bytes. */
  readonly parts: readonly (Span & { readonly ahead: Uint8Array })[];
  /** What closes the body. */
  readonly end: Uint8Array;
}

/**
 * Lays out ranges of a blob of `size` bytes as multipart/byteranges (RFC 9110 section 14.6): a part for each, in the order
 * of the request, also for ranges that touch. containers/image counts the parts and takes them in that order.
 */
export function multipartRanges(spans: readonly Span[], size: number): MultipartRanges {
  // Random, so that no blob can be made that holds it.
  const boundary = randomBytes(24).toString('hex');
  const parts = spans.map(({ start, end }, at) => {
    const delimiter = `${at === 0 ? '' : '\r\n'}--${boundary}\r\n`;
    const headers = `Content-Type: application/octet-stream\r\nContent-Range: bytes ${start}-${end}/${size}\r\n\r\n`;
    return { start, end, ahead: Buffer.from(delimiter + headers, 'latin1') };
  });
  const end = Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1');
  return {
    contentType: `multipart/byteranges; boundary=${boundary}`,
    length: parts.reduce((sum, part) => sum + part.ahead.length + part.end - part.start + 1, end.length),
    parts,
    end,
  };
}
