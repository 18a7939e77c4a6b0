import { flag, frameType } from '@mcr/testkit';

/** What was received on one connection of HTTP/2. */
export interface Http2Responses {
  /** The status of each header block that began with one. */
  readonly statuses: readonly number[];
  /** A stream has ended, was reset, or the connection is being closed. */
  readonly settled: boolean;
  readonly problem?: string;
}

/** The default SETTINGS_MAX_FRAME_SIZE, which neither side raises. */
const maxFrame = 16_384;

/** Reads frames; only the status of header blocks is decoded. The client must have asked for a table of size 0. */
export function readHttp2(received: Buffer): Http2Responses {
  const statuses: number[] = [];
  let settled = false;
  for (let at = 0; at + 9 <= received.length; ) {
    const length = received.readUIntBE(at, 3);
    const type = received[at + 3] ?? 0;
    const flags = received[at + 4] ?? 0;
    if (length > maxFrame || type > frameType.continuation)
      return { statuses, settled, problem: frameProblem(received, at) };
    if (at + 9 + length > received.length) break;
    const payload = received.subarray(at + 9, at + 9 + length);
    if (type === frameType.headers) {
      const status = statusIn(payload);
      if (status !== undefined) statuses.push(status);
    }
    const ends = (type === frameType.headers || type === frameType.data) && (flags & flag.endStream) !== 0;
    if (ends || type === frameType.reset || type === frameType.goAway) settled = true;
    at += 9 + length;
  }
  return { statuses, settled };
}

function frameProblem(received: Buffer, at: number): string {
  return `bytes that are no frame: ${received.subarray(at, at + 40).toString('hex')}`;
}

/** `:status` from index 8 to 14 of the static table (RFC 7541 appendix A). */
const indexed = [200, 204, 206, 304, 400, 404, 500];

/** The status that a header block begins with; a block of trailers has none. */
function statusIn(block: Buffer): number | undefined {
  let at = 0;
  // Changes of the table's size come first.
  while (((block[at] ?? 0) & 0xe0) === 0x20) at += 1;
  const first = block[at] ?? 0;
  if (first >= 0x88 && first <= 0x8e) return indexed[first - 0x88];
  if (first !== 0x48 && first !== 0x08 && first !== 0x18) return undefined;
  const length = block[at + 1] ?? 0;
  const value = block.subarray(at + 2, at + 2 + (length & 0x7f));
  return Number((length & 0x80) === 0 ? value.toString('latin1') : digitsOf(value));
}

/** The digits in Huffman code (RFC 7541 appendix B): 0 to 2 have five bits, 3 to 9 have six. */
function digitsOf(bytes: Buffer): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  let text = '';
  for (let at = 0; text.length < 3 && at < bits.length; ) {
    const five = Number.parseInt(bits.slice(at, at + 5), 2);
    const isShort = five <= 2;
    text += isShort ? five : Number.parseInt(bits.slice(at, at + 6), 2) - 0x19 + 3;
    at += isShort ? 5 : 6;
  }
  return text;
}
