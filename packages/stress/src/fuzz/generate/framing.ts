import type { Random } from '../../random.ts';
import { headOf, type Request, withLength } from './request.ts';
import { randomBytes } from './values.ts';

const end = '0\r\n\r\n';
const smuggled = 'GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n';

const abuses: readonly ((chunk: string, random: Random) => string)[] = [
  (chunk) => chunk + end,
  (chunk) => chunk,
  () => '3;ext=1;ext="a\\"b"\r\nabc\r\n0;x\r\n\r\n',
  () => `3;${'x'.repeat(20_000)}\r\nabc\r\n${end}`,
  () => `${'1;a=b\r\nx\r\n'.repeat(5_000)}${end}`,
  () => `${'0'.repeat(10_000)}3\r\nabc\r\n${end}`,
  () => 'ffffffffffffffff\r\nabc',
  () => '7fffffff\r\nabc',
  () => 'ffffffffffffffffff\r\nabc',
  () => `-1\r\nabc\r\n${end}`,
  () => `0x3\r\nabc\r\n${end}`,
  () => ` 3\r\nabc\r\n${end}`,
  () => `3 \r\nabc\r\n${end}`,
  () => `3\nabc\n0\n\n`,
  () => `3\r\nabcd\r\n${end}`,
  () => `3\r\nab\r\n${end}`,
  () => `3\r\nabc${end}`,
  () => '0\r\nHost: evil.example\r\nContent-Length: 5\r\n\r\n',
  () => `0\r\n${'X-Trailer: a\r\n'.repeat(2_000)}\r\n`,
  () => `0\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`,
  () => `0\r\n\r\n${smuggled}`,
  () => 'zz\r\n',
  () => '\r\n\r\n\r\n',
  (_, random) => randomBytes(random, 30).toString('latin1'),
];

/** The request with a chunked body that is broken somehow, or only odd. */
export function chunked(random: Random, request: Request): Buffer {
  const { body } = request;
  const chunk = `${body.length.toString(16)}\r\n${body.toString('latin1')}\r\n`;
  const head = headOf({ ...request, headers: [...request.headers, ['Transfer-Encoding', 'chunked']] });
  return Buffer.concat([head, Buffer.from(random.pick(abuses)(chunk, random), 'latin1')]);
}

/** The request with a length that is a lie, or stands there in several ways. */
export function mislength(random: Random, request: Request): Buffer {
  const { length } = request.body;
  const lines: readonly (readonly [string, string])[][] = [
    [['Content-Length', String(length + 1 + random.below(1_000))]],
    [['Content-Length', String(random.below(length + 1))]],
    [['Content-Length', String(2 ** 53)]],
    [['Content-Length', '18446744073709551615']],
    [
      ['Content-Length', String(length)],
      ['Content-Length', String(length)],
    ],
    [
      ['Content-Length', String(length)],
      ['Transfer-Encoding', 'chunked'],
    ],
    [
      ['Transfer-Encoding', 'chunked'],
      ['Transfer-Encoding', 'identity'],
    ],
    [['Transfer-Encoding', 'identity']],
    [['Content-Length', `${length}\t`]],
  ];
  const head = headOf({ ...request, headers: [...request.headers, ...random.pick(lines)] });
  return Buffer.concat([head, request.body, Buffer.from(random.chance(0.5) ? smuggled : '')]);
}

/** The request up to any byte. */
export function truncated(random: Random, request: Request): Buffer {
  const whole = withLength(request);
  const bytes = Buffer.concat([headOf(whole), whole.body]);
  return bytes.subarray(0, random.below(bytes.length));
}
