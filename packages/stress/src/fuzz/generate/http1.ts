import type { Random } from '../../random.ts';
import type { FuzzInput, Step, Transport } from '../input.ts';
import type { Names } from '../names.ts';
import { withOddBody } from './bodies.ts';
import { chunked, mislength, truncated } from './framing.ts';
import { withOddHeaders } from './headers.ts';
import { flipped } from './json.ts';
import { mutatedPath } from './paths.ts';
import { bytesOf, headOf, type Request, withLength } from './request.ts';
import { asQuery, latin, oddText, randomBytes } from './values.ts';

/** How often each kind of oddity occurs. */
const weights = {
  plain: 10,
  path: 6,
  query: 4,
  headers: 7,
  method: 2,
  version: 1,
  body: 6,
  chunks: 4,
  length: 3,
  truncated: 3,
  slow: 2,
  reset: 3,
  pipelined: 2,
  garbled: 3,
  upgrade: 2,
  expect: 1,
  endless: 0.2,
};

const methods = 'OPTIONS TRACE CONNECT PROPFIND QUERY PRI SOURCE M-SEARCH get PUT PATCH DELETE POST GET HEAD'.split(
  ' ',
);
const versions = 'HTTP/1.0 HTTP/0.9 HTTP/1.2 HTTP/2.0 HTTP/9.9 HTTP/1.1\u0000 http/1.1 HTTP/1.1,1.1 FTP/1.1 X'.split(
  ' ',
);
const waits: readonly number[] = [1, 5, 20, 60];

/** One connection with a request of HTTP/1.1 that is odd in one way. */
export function http1Input(random: Random, names: Names, transport: Transport, request: Request): FuzzInput {
  const kind = random.weighted(weights);
  const sent = (odd: Request): FuzzInput => {
    return { kind, transport, steps: [bytesOf(odd)], ending: 'response', head: odd.method === 'HEAD' };
  };
  if (kind === 'plain') return sent(request);
  if (kind === 'path') return sent({ ...request, path: mutatedPath(random, request.path) });
  if (kind === 'query') return sent({ ...request, query: oddQuery(random, request.query) });
  if (kind === 'headers') return { ...sent(withOddHeaders(random, request)), ending: 'quiet' };
  if (kind === 'method') return { ...sent({ ...request, method: oddMethod(random) }), ending: 'quiet' };
  if (kind === 'body') return sent(withOddBody(random, names, request));
  // The following may be several requests; if one were a HEAD, which responses have a body would be unknown.
  const whole = request.method === 'HEAD' ? { ...request, method: 'GET' } : request;
  return { kind, transport, ...brokenUp(random, kind, whole) };
}

function brokenUp(random: Random, kind: keyof typeof weights, request: Request): Pick<FuzzInput, 'steps' | 'ending'> {
  const input = (ending: FuzzInput['ending'], ...steps: Step[]) => ({ ending, steps });
  if (kind === 'version') return input('quiet', headOf(request, random.pick(versions)));
  if (kind === 'chunks') return input('quiet', chunked(random, request));
  if (kind === 'length') return input('quiet', mislength(random, request));
  if (kind === 'truncated') return input(random.chance(0.5) ? 'quiet' : 'reset', truncated(random, request));
  if (kind === 'slow') return input('quiet', ...slowly(random, bytesOf(request)));
  if (kind === 'reset') return input('reset', bytesOf(request), random.pick(waits));
  if (kind === 'pipelined') return input('quiet', Buffer.concat(pipeline(random, request)));
  if (kind === 'garbled') return input('quiet', garbled(random, bytesOf(request)));
  if (kind === 'upgrade') return input(random.chance(0.5) ? 'reset' : 'quiet', upgrade(random, request));
  if (kind === 'expect') return input('quiet', ...expecting(random, request));
  return input('quiet', ...endless(random, request));
}

function oddQuery(random: Random, query: readonly string[]): string[] {
  const how = random.below(6);
  if (how === 5) return manyNames(random);
  if (how === 0) return Array.from({ length: 4_000 }, () => 'a');
  if (how === 1) return Array.from({ length: random.pick([500, 100_000]) }, (_, at) => `n=${at}`);
  if (how === 2) return [...query, `last=${'x'.repeat(7_000)}`];
  if (how === 3) return [latin(random, 20).replaceAll(/[\s]/g, '')];
  return [
    ...query,
    ...query,
    '',
    '=',
    '==',
    '&&',
    'n',
    'n=',
    '%',
    '%00=%00',
    `n[]=${asQuery(random, oddText(random))}`,
  ];
}

/** Thousands of parameters, each with a name of its own, in about as much as Node takes of a header. */
function manyNames(random: Random): string[] {
  const end = random.chance(0.5) ? '' : '=';
  return Array.from({ length: random.pick([1_000, 2_700, 3_500]) }, (_, at) => at.toString(36) + end);
}

function oddMethod(random: Random): string {
  return random.chance(0.8) ? random.pick(methods) : latin(random, 1 + random.below(10));
}

/** In parts of any size, with waits between them. */
function slowly(random: Random, bytes: Buffer): Step[] {
  const steps: Step[] = [];
  const parts = 2 + random.below(8);
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + random.below(Math.ceil((2 * bytes.length) / parts));
    steps.push(bytes.subarray(at, at + length), random.pick(waits));
    at += length;
  }
  return steps;
}

function pipeline(random: Random, request: Request): Buffer[] {
  const get = { ...request, method: 'GET', body: Buffer.alloc(0) };
  return Array.from({ length: 2 + random.below(60) }, (_, at) =>
    at % 7 === 6 ? bytesOf({ ...get, path: mutatedPath(random, get.path) }) : bytesOf(get),
  );
}

function garbled(random: Random, bytes: Buffer): Buffer {
  if (random.chance(0.8)) return flipped(bytes, random);
  return Buffer.concat([randomBytes(random, 1 + random.below(20)), bytes]);
}

function upgrade(random: Random, request: Request): Buffer {
  const headers = [
    ['Connection', random.pick(['Upgrade', 'Upgrade, HTTP2-Settings', 'upgrade, close'])],
    ['Upgrade', random.pick(['websocket', 'h2c', 'TLS/1.0', 'websocket, h2c', ''])],
    ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
    ['Sec-WebSocket-Version', '13'],
    ['HTTP2-Settings', 'AAMAAABkAAQAAP__'],
  ] as const;
  return bytesOf({ ...request, headers: [...request.headers, ...headers] });
}

function expecting(random: Random, request: Request): Step[] {
  const whole = withLength(request);
  const head = headOf({ ...whole, headers: [...whole.headers, ['Expect', '100-continue']] });
  return random.chance(0.5) ? [head, 30, whole.body] : [Buffer.concat([head, whole.body])];
}

/** A body of megabytes that has no end, with whatever credentials. */
function endless(random: Random, request: Request): Step[] {
  const head = headOf({ ...request, method: random.pick(['POST', 'PUT', 'PATCH']) }).subarray(0, -2);
  const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536, 'x'), Buffer.from('\r\n')]);
  return [head, Buffer.from('Transfer-Encoding: chunked\r\n\r\n'), ...Array.from({ length: 160 }, () => chunk)];
}
