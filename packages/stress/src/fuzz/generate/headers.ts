import type { Random } from '../../random.ts';
import type { Request } from './request.ts';
import { latin, oddText } from './values.ts';

type Header = readonly [name: string, value: string];

const names: readonly string[] = [
  'Host',
  'Authorization',
  'Content-Type',
  'Content-Length',
  'Content-Range',
  'Content-Encoding',
  'Transfer-Encoding',
  'TE',
  'Trailer',
  'Range',
  'If-Range',
  'If-None-Match',
  'If-Match',
  'Accept',
  'Accept-Encoding',
  'Connection',
  'Proxy-Connection',
  'Keep-Alive',
  'Upgrade',
  'HTTP2-Settings',
  'Expect',
  'Cookie',
  'User-Agent',
  'Origin',
  'Forwarded',
  'X-Forwarded-For',
  'X-Forwarded-Proto',
  'X-Forwarded-Host',
  'X-Original-URL',
  'X-Rewrite-URL',
  'X-HTTP-Method-Override',
  'Docker-Distribution-API-Version',
  'Connect-Protocol-Version',
  'Connect-Timeout-Ms',
  'Grpc-Timeout',
  'Grpc-Encoding',
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  ':path',
  'X\u0000Y',
  'X Y',
  'Content-Length ',
  ' Content-Length',
  '',
];

const values: readonly string[] = [
  'localhost',
  'evil.example',
  'localhost, evil.example',
  'a:b@localhost',
  '[::1',
  'localhost:99999',
  'chunked',
  'chunked, identity',
  'xchunked',
  'gzip, chunked',
  '0',
  '1',
  '+5',
  '5, 5',
  '-1',
  '99999999999999999999',
  '100-continue',
  '100-continue, x',
  'bytes=0-0',
  'bytes=-1',
  'bytes=5-',
  'bytes=9-1',
  'bytes=0-99999999999999999999',
  'bytes=,,,,',
  'bytes=0-0,2-2',
  'bytes=2-2, 0-0,,-1,9-',
  `bytes=${Array.from({ length: 900 }, (_, at) => `${2 * at}-${2 * at}`).join(',')}`,
  `bytes=${'0-0,'.repeat(1_000)}0-0`,
  '0-4',
  '5-0',
  '0-18446744073709551615',
  'bytes 0-4/5',
  'application/json',
  'application/json; charset=utf-16',
  'multipart/form-data; boundary=x',
  'application/grpc',
  'gzip',
  'deflate, br, gzip',
  'close, keep-alive, upgrade',
  'Host, Content-Length',
  'websocket',
  'h2c',
  'AAMAAABkAAQAAP__',
  '127.0.0.1',
  '1.1.1.1,'.repeat(1_000),
  '"'.repeat(2_000),
  `W/${'"a",'.repeat(2_000)}`,
  '1S',
  '99999999H',
  'a\u0000b',
  'a\rb',
  'a\nX-Injected: 1',
  'a\r\n folded',
  '\u00ff'.repeat(100),
  'x'.repeat(15_000),
  '*/*;q=0.1,'.repeat(1_000),
];

/** The request with headers added, repeated, changed, left out, or too many. */
export function withOddHeaders(random: Random, request: Request): Request {
  let headers: Header[] = [...request.headers];
  for (let count = 1 + random.below(3); count > 0; count -= 1) headers = changed(random, headers);
  return { ...request, headers };
}

function changed(random: Random, headers: Header[]): Header[] {
  const how = random.weighted({ add: 8, repeat: 2, drop: 1, change: 2, many: 1, shuffle: 1 });
  if (how === 'add') return inserted(random, headers, [random.pick(names), someValue(random)]);
  if (how === 'many') return [...headers, ...many(random)];
  if (how === 'shuffle') return headers.toSorted(() => random.next() - 0.5);
  const at = random.below(headers.length + 1);
  const picked = headers[at];
  if (picked === undefined) return headers;
  if (how === 'repeat') return inserted(random, headers, [picked[0].toLowerCase(), picked[1]]);
  if (how === 'drop') return headers.toSpliced(at, 1);
  return headers.toSpliced(at, 1, [picked[0], someValue(random)]);
}

function inserted(random: Random, headers: Header[], header: Header): Header[] {
  return headers.toSpliced(random.below(headers.length + 1), 0, header);
}

function someValue(random: Random): string {
  const kind = random.below(10);
  if (kind < 7) return random.pick(values);
  return kind === 7 ? latin(random, random.below(60)) : Buffer.from(oddText(random), 'utf8').toString('latin1');
}

function many(random: Random): Header[] {
  const count = random.pick([101, 500, 3_000]);
  return Array.from({ length: count }, (_, at) => [random.chance(0.5) ? 'X' : `X-${at}`, 'a']);
}
