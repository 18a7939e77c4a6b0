import { RegistryError } from './errors.ts';

/** What a `Range` header asks for. `start` and `end` are byte positions, both inclusive. */
export type ByteRange =
  | { readonly kind: 'whole' }
  | { readonly kind: 'span'; readonly start: number; readonly end: number }
  | { readonly kind: 'unsatisfiable' };

const whole: ByteRange = { kind: 'whole' };
const unsatisfiable: ByteRange = { kind: 'unsatisfiable' };

/**
 * Reads a `Range` header for content of `size` bytes (RFC 9110 section 14). Several ranges, other units and malformed
 * headers ask for the whole; a range that ends before it begins is unsatisfiable, as OCI conformance wants.
 */
export function parseByteRange(header: string | undefined, size: number): ByteRange {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/i.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return whole;
  if (first === '') return span(size - Math.min(Number(last), size), size - 1);
  if (last !== '' && Number(last) < Number(first)) return unsatisfiable;
  return span(Number(first), last === '' ? size - 1 : Math.min(Number(last), size - 1));
}

function span(start: number, end: number): ByteRange {
  return start <= end ? { kind: 'span', start, end } : unsatisfiable;
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
