import { flag, frame, frameType, headerBlock, noTable, preface, prefixed, settings } from '@mcr/testkit';
import type { Random } from '../../random.ts';
import type { FuzzInput, Step } from '../input.ts';
import type { Names } from '../names.ts';
import { withOddHeaders } from './headers.ts';
import { flipped } from './json.ts';
import { mutatedPath } from './paths.ts';
import { type Request, targetOf } from './request.ts';
import { randomBytes } from './values.ts';

const weights = {
  'h2 call': 8,
  'h2 headers': 6,
  'h2 path': 3,
  'h2 frames': 6,
  'h2 garbled': 3,
  'h2 truncated': 2,
  'h2 slow': 2,
  'h2 rapid reset': 1,
  'h2 continuation flood': 0.5,
  'h2 control flood': 1,
  'h2 header compression': 2,
  'h2 many streams': 0.5,
};

/** One connection of HTTP/2 with a call, or with frames that are none. */
export function http2Input(random: Random, names: Names, request: Request): FuzzInput {
  const kind = random.weighted(weights);
  const call = callOf(request, 1);
  const input = (ending: FuzzInput['ending'], ...steps: Step[]): FuzzInput => {
    const [first, ...others] = steps;
    const opening = Buffer.concat([preface, noTable, ...(Buffer.isBuffer(first) ? [first] : [])]);
    return { kind, transport: 'rpc over HTTP/2', steps: [opening, ...others], ending };
  };
  const halfway = random.chance(0.5) ? 'quiet' : 'reset';
  if (kind === 'h2 call') return input('response', call);
  if (kind === 'h2 headers') return input('quiet', callOf(withOddHeaders(random, request), 1, oddPseudo(random)));
  if (kind === 'h2 path') return input('quiet', callOf({ ...request, path: mutatedPath(random, request.path) }, 1));
  if (kind === 'h2 frames') return input('quiet', Buffer.concat([call, ...oddFrames(random)]));
  if (kind === 'h2 garbled') return input('quiet', flipped(call, random));
  if (kind === 'h2 truncated') return input(halfway, call.subarray(0, random.below(call.length)));
  if (kind === 'h2 slow') return input(halfway, call.subarray(0, 20), 20, call.subarray(20, 40), 60, call.subarray(40));
  if (kind === 'h2 rapid reset') return input(halfway, rapidReset(random, request));
  if (kind === 'h2 continuation flood') return input(halfway, continuations(random, request));
  if (kind === 'h2 control flood') return input(halfway, controls(random));
  if (kind === 'h2 header compression') return input('quiet', compressed(random, names));
  const streams = Array.from({ length: 300 }, (_, at) => callOf(request, 2 * at + 1));
  return input(halfway, Buffer.concat(streams));
}

type Field = readonly [name: string, value: string];

function fieldsOf(request: Request, pseudo: readonly Field[]): Field[] {
  const regular = request.headers
    .filter(([name]) => name.toLowerCase() !== 'host')
    .map(([name, value]): Field => [name.toLowerCase(), value]);
  const authority = request.headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? '';
  const usual: Field[] = [
    [':method', request.method],
    [':scheme', 'https'],
    [':authority', authority],
    [':path', targetOf(request)],
  ];
  return [...usual, ...pseudo, ...regular];
}

/** HEADERS and DATA of one request. */
function callOf(request: Request, stream: number, pseudo: readonly Field[] = []): Buffer {
  const block = headerBlock(fieldsOf(request, pseudo));
  const head = Buffer.concat(inFrames(block, stream));
  const data = request.body.subarray(0, 65_535);
  const parts: Buffer[] = [];
  for (let at = 0; at < data.length; at += 16_384) {
    parts.push(frame(frameType.data, 0, stream, data.subarray(at, at + 16_384)));
  }
  return Buffer.concat([head, ...parts, frame(frameType.data, flag.endStream, stream, Buffer.alloc(0))]);
}

/** A header block as HEADERS and as many CONTINUATION frames as it needs. */
function inFrames(block: Buffer, stream: number): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at === 0 || at < block.length; at += 16_384) {
    const isLast = at + 16_384 >= block.length;
    const type = at === 0 ? frameType.headers : frameType.continuation;
    frames.push(frame(type, isLast ? flag.endHeaders : 0, stream, block.subarray(at, at + 16_384)));
  }
  return frames;
}

function oddPseudo(random: Random): Field[] {
  const odd: readonly Field[] = [
    [':path', '/v1/health'],
    [':method', 'GET'],
    [':scheme', 'ftp'],
    [':authority', 'evil.example'],
    [':status', '200'],
    [':protocol', 'websocket'],
    [':unknown', 'x'],
    ['connection', 'close'],
    ['transfer-encoding', 'chunked'],
    ['host', 'evil.example'],
    ['Upper-Case', 'x'],
    ['content-length', '7'],
    ['te', 'gzip'],
  ];
  return random.chance(0.6) ? [random.pick(odd)] : [];
}

function oddFrames(random: Random): Buffer[] {
  return Array.from({ length: 1 + random.below(6) }, () => {
    const stream = random.pick([0, 1, 1, 2, 3, 5, 2 ** 31 - 1, 2 ** 31]);
    const length = random.pick([0, 1, 4, 5, 6, 8, 9, 40]);
    const payload = random.chance(0.3) ? Buffer.alloc(length) : randomBytes(random, length);
    const told = random.chance(0.9) ? payload.length : random.pick([0, payload.length + 1, 16_385, 2 ** 24 - 1]);
    return frame(random.below(12), random.below(256), stream, payload, told);
  });
}

/** CVE-2023-44487: streams that are opened and reset immediately. */
function rapidReset(random: Random, request: Request): Buffer {
  const code = Buffer.from([0, 0, 0, 8]);
  const pairs = Array.from({ length: random.pick([50, 500, 3_000]) }, (_, at) => {
    const stream = 2 * at + 1;
    const block = headerBlock(fieldsOf(request, []));
    return [...inFrames(block, stream), frame(frameType.reset, 0, stream, code)];
  });
  return Buffer.concat(pairs.flat());
}

/** CVE-2024-27316: headers that never end. */
function continuations(random: Random, request: Request): Buffer {
  const start = frame(frameType.headers, 0, 1, headerBlock(fieldsOf(request, [])));
  const part = random.chance(0.3) ? Buffer.alloc(0) : headerBlock([['x', 'a'.repeat(random.pick([1, 1_000, 16_000]))]]);
  const more = Array.from({ length: random.pick([10, 500, 2_000]) }, () => frame(frameType.continuation, 0, 1, part));
  return Buffer.concat([start, ...more]);
}

/** Thousands of frames that each want a response or a change of state. */
function controls(random: Random): Buffer {
  const one = random.pick([
    frame(frameType.ping, 0, 0, Buffer.alloc(8)),
    frame(frameType.settings, 0, 0, Buffer.alloc(0)),
    settings([4, 0], [4, 2 ** 31 - 1], [1, 0], [1, 65_536]),
    frame(frameType.windowUpdate, 0, 0, Buffer.from([0, 0, 0, 1])),
    frame(frameType.windowUpdate, 0, 0, Buffer.from([0x7f, 0xff, 0xff, 0xff])),
    frame(frameType.priority, 0, 1, Buffer.from([0, 0, 0, 1, 0])),
    frame(frameType.data, 0, 1, Buffer.alloc(0)),
    frame(frameType.headers, flag.endHeaders | flag.endStream, 1, Buffer.alloc(0)),
    frame(frameType.goAway, 0, 0, Buffer.alloc(8)),
  ]);
  return Buffer.concat(Array.from({ length: random.pick([100, 5_000]) }, () => one));
}

/** Header blocks that point where there is nothing, grow when decoded, or lie about their lengths. */
function compressed(random: Random, { host }: Names): Buffer {
  const added = Buffer.concat([Buffer.from([0x40]), prefixed(1, 7), Buffer.from('x'), prefixed(4_000, 7)]);
  const bomb = Buffer.concat([added, Buffer.alloc(4_000, 'a'), Buffer.alloc(10_000, 0xbe)]);
  const blocks: readonly Buffer[] = [
    bomb,
    Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
    Buffer.from([0x80]),
    Buffer.from([0xbf]),
    Buffer.from([0x3f, 0xff, 0xff, 0xff, 0x7f]),
    Buffer.from([0x00, 0x7f, 0xff, 0xff, 0xff, 0x0f]),
    Buffer.from([0x00, 0x81, 0xff, 0x01, 0x61]),
    Buffer.concat([Buffer.from([0x82, 0x87, 0x84]), headerBlock([[':authority', host]]), randomBytes(random, 20)]),
    randomBytes(random, random.below(200)),
  ];
  return Buffer.concat(inFrames(random.pick(blocks), 1));
}
