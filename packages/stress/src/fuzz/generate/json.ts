import type { Random } from '../../random.ts';
import { oddText, randomBytes } from './values.ts';

type Schema = { readonly [keyword: string]: unknown };

/** A value that fits a JSON schema, or nearly: every fourth part of it is something else. */
export function fromSchema(random: Random, schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return oddJson(random);
  const { type, enum: choices, properties, items, anyOf, const: constant } = schema as Schema;
  if (Array.isArray(choices)) return choices.includes('deny') ? 'allow' : random.pick(choices as unknown[]);
  if (constant !== undefined) return constant;
  if (random.chance(0.15)) return oddJson(random);
  if (Array.isArray(anyOf)) return fromSchema(random, random.pick(anyOf as unknown[]));
  if (type === 'object') return objectFrom(random, properties as Schema | undefined);
  if (type === 'array') return Array.from({ length: random.below(4) }, () => fromSchema(random, items));
  if (type === 'boolean') return random.chance(0.5);
  if (type === 'integer' || type === 'number') return random.pick([0, 1, -1, 1.5, 2 ** 31, 2 ** 53, -1e308]);
  return oddText(random);
}

function objectFrom(random: Random, properties: Schema = {}): unknown {
  const entries = Object.entries(properties).filter(() => random.chance(0.85));
  const object = entries.map(([name, schema]) => [name, fromSchema(random, schema)] as const);
  return Object.fromEntries(random.chance(0.1) ? [...object, [oddText(random), 1]] : object);
}

function oddJson(random: Random): unknown {
  const values: readonly unknown[] = [null, true, 0, -1, 1e308, [], {}, [[]], { a: {} }, ['a', 1], oddText(random)];
  return random.pick(values);
}

const nested = (open: string, close: string, depth: number): string => open.repeat(depth) + close.repeat(depth);

/** JSON that parsers disagree about, choke on, or should reject. */
const hostile: readonly ((text: string, random: Random) => string | Buffer)[] = [
  () => nested('[', ']', 50_000),
  () => nested('{"a":', '}', 20_000),
  () => '['.repeat(100_000),
  () => `{${'"a":1,'.repeat(20_000)}"b":2}`,
  () => `{${Array.from({ length: 20_000 }, (_, at) => `"${at}":${at}`).join(',')}}`,
  () => `[${'0,'.repeat(60_000)}0]`,
  () => `"${'\\u0041'.repeat(30_000)}"`,
  () => `"${'\\'.repeat(50_001)}`,
  () => `{"a":${'9'.repeat(50_000)}}`,
  () => '1e999999999',
  () => '{"a":"\\ud800"}',
  (text) => `\ufeff${text}`,
  (text) => `${text}${text}`,
  (text) => `${text}\0`,
  (text) => text.replace('{', '{"__proto__":{"a":1},'),
  (text) => text.replace('{', '{"constructor":{"prototype":{"a":1}},'),
  (text) => text.replace(/"(\w+)":/, '"$1":1,"$1":'),
  (text) => text.replace(/"(\w)/, (_, first: string) => `"\\u00${first.charCodeAt(0).toString(16)}`),
  (text) => text.slice(0, -1),
  (text) => text.replaceAll('"', "'"),
  (text) => Buffer.from(text, 'utf16le'),
  (text, random) => Buffer.concat([Buffer.from(text), randomBytes(random, 5)]),
  (text, random) => flipped(Buffer.from(text), random),
  () => '',
  () => 'null',
];

/** What a JSON body could look like instead. */
export function hostileJson(random: Random, text: string): Buffer {
  return Buffer.from(random.pick(hostile)(text, random));
}

/** The bytes with some bits changed. */
export function flipped(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  for (let count = 1 + random.below(4); count > 0 && copy.length > 0; count -= 1) {
    const at = random.below(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
  }
  return copy;
}
