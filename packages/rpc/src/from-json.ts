import { type DescField, type DescMessage, type MessageInitShape, ScalarType } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { adminApi } from './gen/api.ts';
import { type FieldProblem, pathOf, report } from './problems.ts';

/** The fields that were read from a JSON object, and the problems. */
export interface Reading<Desc extends DescMessage> {
  readonly message: MessageInitShape<Desc>;
  readonly problems: readonly FieldProblem[];
}

/** How strictly to read. */
export interface ReadOptions {
  /** Ignore unknown fields: a newer server may send them. */
  readonly ignoreUnknown?: boolean;
}

/** State of the reading. */
interface Context extends ReadOptions {
  readonly problems: FieldProblem[];
}

type JsonObject = Readonly<Record<string, unknown>>;

/** A value that does not have the type of its field; the message says which type that is. */
class Mismatch extends Error {}

/**
 * Reads a message in the form that REST writes (see `toJson`), more strictly than protobuf's own JSON: names in
 * snake_case only, each value in its one form, no null, no unknown field. Continues after errors, so that all problems
 * are reported together.
 */
export function fromJson<Desc extends DescMessage>(
  schema: Desc,
  json: JsonObject,
  options: ReadOptions = {},
): Reading<Desc> {
  const problems: FieldProblem[] = [];
  const message = readMessage(schema, json, '', { ...options, problems }) as MessageInitShape<Desc>;
  return { message, problems };
}

/** Reads fields from strings of a path or a query; strings without a field are ignored. */
export function fromWords<Desc extends DescMessage>(schema: Desc, words: ReadonlyMap<string, string>): Reading<Desc> {
  const problems: FieldProblem[] = [];
  const message: Record<string, unknown> = {};
  for (const field of schema.fields) {
    const word = words.get(field.name);
    if (word === undefined || field.fieldKind === 'map' || field.fieldKind === 'list') continue;
    message[field.localName] = attempt(field.name, problems, () => readValue(field, wordValue(field, word)));
  }
  return { message: message as MessageInitShape<Desc>, problems };
}

function readMessage(schema: DescMessage, json: JsonObject, parent: string, context: Context): Record<string, unknown> {
  const { problems, ignoreUnknown } = context;
  const message: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(json)) {
    const field = schema.fields.find((it) => it.name === name);
    if (field !== undefined) {
      const path = pathOf(parent, name);
      message[field.localName] = attempt(path, problems, () => readField(schema, field, value, path, context));
    } else if (ignoreUnknown !== true) {
      report(problems, { field: parent || 'body', problem: `unknown field ${quoted(name)}` });
    }
  }
  const missing = Object.entries(adminApi.rules[schema.typeName] ?? {}).filter(
    ([name, { given }]) => given && !(name in json),
  );
  for (const [name] of missing) report(problems, { field: pathOf(parent, name), problem: 'must be given' });
  return message;
}

function readField(schema: DescMessage, field: DescField, value: unknown, path: string, context: Context): unknown {
  if (value === null && adminApi.rules[schema.typeName]?.[field.name]?.nullable === true) return '';
  const readPart = (part: unknown, at: string | number): unknown => {
    const place = pathOf(path, at);
    return attempt(place, context.problems, () => readItem(field, part, place, context));
  };
  if (field.fieldKind === 'list') return readList(value, readPart);
  if (field.fieldKind !== 'map') return readItem(field, value, path, context);
  return Object.fromEntries(Object.entries(asObject(value)).map(([key, part]) => [key, readPart(part, key)]));
}

/** A value of a field, or an item of a list or a map. */
function readItem(field: DescField, value: unknown, path: string, context: Context): unknown {
  const { message } = field;
  if (message === undefined || message.typeName === 'google.protobuf.Timestamp') return readValue(field, value);
  if (message.typeName !== 'mcr.v1.StringList') return readMessage(message, asObject(value), path, context);
  const read = (part: unknown, at: number): unknown =>
    attempt(pathOf(path, at), context.problems, () => readValue(message.fields[0]!, part));
  return { values: readList(value, read) };
}

function asObject(value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Mismatch('must be an object');
  return value as JsonObject;
}

function readList(value: unknown, read: (item: unknown, at: number) => unknown): unknown[] {
  if (!Array.isArray(value)) throw new Mismatch('must be an array');
  return value.map(read);
}

function readValue({ scalar, message }: DescField, value: unknown): unknown {
  if (message !== undefined) return readTime(value);
  if (scalar === ScalarType.STRING) return must(typeof value === 'string', 'a text', value);
  if (scalar === ScalarType.BOOL) return must(typeof value === 'boolean', 'true or false', value);
  if (scalar === ScalarType.INT64) return BigInt(readInteger(value, Number.MAX_SAFE_INTEGER));
  if (scalar !== ScalarType.INT32) throw new Error(`fields of the type ${scalar} are not read from JSON`);
  return readInteger(value, 0x7f_ff_ff_ff);
}

/** An integer between -`most` and `most`. */
function readInteger(value: unknown, most: number): number {
  const integer = must(Number.isInteger(value), 'a whole number', value) as number;
  must(integer <= most, `at most ${most}`, value);
  must(integer >= -most, `at least ${-most}`, value);
  return integer;
}

function must(isRight: boolean, kind: string, value: unknown): unknown {
  if (!isRight) throw new Mismatch(`must be ${kind}`);
  return value;
}

/** RFC 3339, with an offset or in UTC. */
const instant = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

function readTime(value: unknown): unknown {
  const [text, day = ''] = instant.exec(typeof value === 'string' ? value : '') ?? [];
  const ms = text === undefined ? Number.NaN : Date.parse(text);
  // Date.parse accepts the 30th of February as the 2nd of March.
  if (Number.isNaN(ms) || new Date(`${day}T00:00Z`).getUTCDate() !== Number(day.slice(-2))) {
    throw new Mismatch('must be a time in RFC 3339, such as 2026-01-31T12:00:00Z');
  }
  return timestampFromMs(ms);
}

/** The JSON value of a string in a path or query. */
function wordValue({ scalar }: DescField, word: string): unknown {
  if (scalar === ScalarType.BOOL) return word === 'true' || (word === 'false' ? false : word);
  if (scalar !== ScalarType.INT32 && scalar !== ScalarType.INT64) return word;
  return /^(?:0|-?[1-9]\d*)$/.test(word) ? Number(word) : Number.NaN;
}

function attempt(field: string, problems: FieldProblem[], read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    report(problems, { field, problem: error.message });
    return undefined;
  }
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 64));
}
