import { RegistryError } from './errors.ts';

/** Bytes `start` to `end`, both inclusive. */
interface ByteInterval {
  readonly start: number;
  readonly end: number;
}

/**
 * The content that a `Range` header requests. `spans` are two or more, in the order of the header, without overlaps.
 */
export type ByteRange =
  | { readonly kind: 'whole' }
  | ({ readonly kind: 'span' } & ByteInterval)
  | { readonly kind: 'spans'; readonly spans: readonly ByteInterval[] }
  | { readonly kind: 'unsatisfiable' };

/** As many as containers/storage requests together when it pulls parts of a layer; no other client sends more. */
const maxRanges = 1024;

const whole: ByteRange = { kind: 'whole' };
const unsatisfiable: ByteRange = { kind: 'unsatisfiable' };

/**
 * Parses a `Range` header for content of `size` bytes (RFC 9110 section 14). Malformed headers, other units, more than
 * 1024 ranges and overlapping ranges select the whole content (section 14.2 allows to ignore them); of several ranges,
 * those beyond the content are dropped. A single range that ends before it begins is unsatisfiable, as OCI conformance
 * requires.
 */
export function parseByteRange(header: string | undefined, size: number): ByteRange {
  const list = /^bytes=(.*)$/i.exec(header ?? '')?.[1];
  if (list === undefined) return whole;
  const texts = list.split(',').flatMap((text) => text.trim() || []);
  if (texts.length > maxRanges) return whole;
  const asked = texts.map((text) => parseOne(text, size));
  if (asked.length === 0 || asked.includes('malformed')) return whole;
  if (asked.length === 1 && asked[0] === 'reversed') return unsatisfiable;
  if (asked.includes('reversed')) return whole;
  const spans = asked.filter((range) => typeof range === 'object');
  const [first] = spans;
  if (first === undefined) return unsatisfiable;
  if (spans.length === 1) return { kind: 'span', ...first };
  return overlap(spans) ? whole : { kind: 'spans', spans };
}

function parseOne(text: string, size: number): ByteInterval | 'malformed' | 'reversed' | 'beyond' {
  const [, first, last] = /^(\d*)-(\d*)$/.exec(text) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return 'malformed';
  if (first === '') return within(size - Math.min(Number(last), size), size - 1);
  if (last !== '' && Number(last) < Number(first)) return 'reversed';
  return within(Number(first), last === '' ? size - 1 : Math.min(Number(last), size - 1));
}

function within(start: number, end: number): ByteInterval | 'beyond' {
  return start <= end ? { start, end } : 'beyond';
}

function overlap(spans: readonly ByteInterval[]): boolean {
  const sorted = spans.toSorted((a, b) => a.start - b.start);
  return sorted.some(({ start }, at) => at > 0 && start <= sorted[at - 1]!.end);
}

/**
 * Parses the `Content-Range` of an upload chunk, `<start>-<end>` in bytes, both inclusive (distribution-spec, "Pushing a
 * blob in chunks"). Throws `RANGE_INVALID`.
 */
export function parseContentRange(header: string): { readonly start: number; readonly end: number } {
  const [, first, last] = /^([0-9]+)-([0-9]+)$/.exec(header) ?? [];
  const start = Number(first);
  const end = Number(last);
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end) && start <= end) return { start, end };
  throw new RegistryError(
    'RANGE_INVALID',
    'The Content-Range of a chunk must be <first byte>-<last byte>, such as 0-1023',
    {
      detail: { contentRange: header.slice(0, 200) },
    },
  );
}
