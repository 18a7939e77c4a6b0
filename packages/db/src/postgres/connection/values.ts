/** What PostgreSQL has no place for in a text: the character with the number 0. */
const [nul, replacement] = ['\u0000', '\ufffd'];

/** Beyond every time and size that is stored; a number like it is compared as the last one that a `bigint` has. */
const beyondBigint = 2 ** 63;

/** A parameter as PostgreSQL takes it: nothing that is stored or looked up holds the character 0, or a number beyond `bigint`. */
export function encodeValue(value: unknown): unknown {
  if (typeof value === 'number' && Math.abs(value) >= beyondBigint) {
    return value > 0 ? `${2n ** 63n - 1n}` : `${-(2n ** 63n)}`;
  }
  if (typeof value === 'string') return value.includes(nul) ? value.replaceAll(nul, replacement) : value;
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.map(encodeValue);
  return value;
}

/** JSON for a column of the type `jsonb`, which takes neither the character 0 nor half a surrogate pair. */
export function jsonb(value: unknown): string {
  const text = JSON.stringify(value);
  if (!/\\u(0000|d[89a-f])/i.test(text)) return text;
  return JSON.stringify(value, (_, it: unknown) =>
    typeof it === 'string' ? it.toWellFormed().replaceAll(nul, replacement) : it,
  );
}
