import type { Random } from '../../random.ts';

const odd: readonly string[] = [
  '',
  ' ',
  '0',
  '-1',
  '1e400',
  'NaN',
  '2147483648',
  '18446744073709551616',
  '00000000000000000000000001',
  '0x10',
  '__proto__',
  'constructor',
  'toString',
  "' or 1=1 --",
  '"; drop table blobs; --',
  '%_%',
  '*',
  '**/[a-',
  '[[[[[[[[[[',
  '\\',
  '../../../../etc/passwd',
  'a\u0000b',
  'a\r\nX-Injected: 1',
  '\u202eevil',
  '\ufeff',
  '\ufffd',
  '\ud800',
  'é',
  '😀'.repeat(50),
  'a'.repeat(129),
  'a'.repeat(256),
  '/'.repeat(200),
  '-'.repeat(200),
  'a-'.repeat(150),
  'true',
  'null',
  '{}',
  '2026-11-24T00:00:00Z',
  '9999-99-99T99:99:99Z',
  'sha256:',
  `sha256:${'0'.repeat(64)}`,
  `sha256:${'A'.repeat(64)}`,
  `sha512:${'0'.repeat(64)}`,
  'md5:d41d8cd98f00b204e9800998ecf8427e',
  'sha256:../../../../../../etc/passwd',
];

/** A text that is odd somehow, now and then a long or a random one. */
export function oddText(random: Random): string {
  const kind = random.below(10);
  if (kind === 0) return 'x'.repeat(random.below(5_000));
  if (kind === 1) return latin(random, random.below(40));
  return random.pick(odd);
}

/** Characters from U+0000 to U+00FF. */
export function latin(random: Random, length: number): string {
  return randomBytes(random, length).toString('latin1');
}

/** So many bytes. */
export function randomBytes(random: Random, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 1) bytes[at] = random.below(256);
  return bytes;
}

/** A text as a part of a query: mostly percent-encoded, sometimes raw, but for what would end the request line. */
export function asQuery(random: Random, text: string): string {
  if (random.chance(0.9)) return encodeURIComponent(text.toWellFormed());
  return Buffer.from(text.replaceAll(/[\s#]/g, '+'), 'utf8').toString('latin1');
}
