import { type DescField, type DescMessage, type MessageInitShape, ScalarType } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { adminApi } from './gen/api.ts';
import { type FieldProblem, pathOf } from './problems.ts';

/** What was read of a JSON object, and what could not be. */
export interface Reading<Desc extends DescMessage> {
  readonly message: MessageInitShape<Desc>;
  readonly problems: readonly FieldProblem[];
}

/** A value that is not of its field's type; the message says what the type is. */
class Mismatch extends Error {}

/**
 * Reads a message as REST writes it (see `toJson`), more strictly than protobuf's own JSON: names in snake_case only, each
 * value in the one form that it has, no null, no unknown field. Reads to the end, so that all problems are reported at once.
 */
export function fromJson<Desc extends DescMessage>(
  schema: Desc,
  json: Readonly<Record<string, unknown>>,
): Reading<Desc> {
  const problems: FieldProblem[] = [];
  const message = readMessage(schema, json, '', problems) as MessageInitShape<Desc>;
  return { message, problems };
}

/** Reads fields from words, as a path or a query has them; what the message has no field for is left out. */
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

function readMessage(
  schema: DescMessage,
  json: Readonly<Record<string, unknown>>,
  parent: string,
  problems: FieldProblem[],
): Record<string, unknown> {
  const message: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(json)) {
    const field = schema.fields.find((it) => it.name === name);
    const path = pathOf(parent, field === undefined ? '' : name);
    if (field === undefined) problems.push({ field: parent || 'body', problem: `unknown field ${quoted(name)}` });
    else message[field.localName] = attempt(path, problems, () => readField(schema, field, value, path, problems));
  }
  const missing = Object.entries(adminApi.rules[schema.typeName] ?? {}).filter(
    ([name, { given }]) => given && !(name in json),
  );
  for (const [name] of missing) problems.push({ field: pathOf(parent, name), problem: 'must be given' });
  return message;
}

function readField(
  schema: DescMessage,
  field: DescField,
  value: unknown,
  path: string,
  problems: FieldProblem[],
): unknown {
  if (value === null && adminApi.rules[schema.typeName]?.[field.name]?.nullable === true) return '';
  if (field.fieldKind === 'list')
    return readList(value, (item, at) => attempt(pathOf(path, at), problems, () => readValue(field, item)));
  if (field.fieldKind !== 'message') return readValue(field, value);
  if (field.message.typeName === 'google.protobuf.Timestamp') return readValue(field, value);
  if (field.message.typeName === 'mcr.v1.StringList') {
    const [items] = field.message.fields;
    return {
      values: readList(value, (item, at) => attempt(pathOf(path, at), problems, () => readValue(items!, item))),
    };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Mismatch('must be an object');
  return readMessage(field.message, value as Readonly<Record<string, unknown>>, path, problems);
}

function readList(value: unknown, read: (item: unknown, at: number) => unknown): unknown[] {
  if (!Array.isArray(value)) throw new Mismatch('must be an array');
  return value.map(read);
}

function readValue({ scalar, message }: DescField, value: unknown): unknown {
  if (message !== undefined) return readTime(value);
  switch (scalar) {
    case ScalarType.STRING:
      if (typeof value !== 'string') throw new Mismatch('must be a text');
      return value;
    case ScalarType.BOOL:
      if (typeof value !== 'boolean') throw new Mismatch('must be true or false');
      return value;
    case ScalarType.INT32:
      if (!Number.isInteger(value) || Math.abs(value as number) > 0x7f_ff_ff_ff)
        throw new Mismatch('must be a whole number');
      return value;
    case ScalarType.INT64:
      if (!Number.isSafeInteger(value)) throw new Mismatch('must be a whole number');
      return BigInt(value as number);
    default:
      throw new Error(`fields of the type ${scalar} are not read from JSON`);
  }
}

/** RFC 3339, with an offset or in UTC. */
const instant = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

function readTime(value: unknown): unknown {
  const [text, day = ''] = instant.exec(typeof value === 'string' ? value : '') ?? [];
  const ms = text === undefined ? Number.NaN : Date.parse(text);
  // Date.parse takes the 30th of February for the 2nd of March.
  if (Number.isNaN(ms) || new Date(`${day}T00:00Z`).getUTCDate() !== Number(day.slice(-2))) {
    throw new Mismatch('must be a time in RFC 3339, such as 2026-01-31T12:00:00Z');
  }
  return timestampFromMs(ms);
}

/** What JSON would have in place of a word. */
function wordValue({ scalar }: DescField, word: string): unknown {
  if (scalar === ScalarType.BOOL) return word === 'true' || (word === 'false' ? false : word);
  if (scalar !== ScalarType.INT32 && scalar !== ScalarType.INT64) return word;
  return /^(?:0|-?[1-9]\d{0,15})$/.test(word) ? Number(word) : Number.NaN;
}

function attempt(field: string, problems: FieldProblem[], read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    problems.push({ field, problem: error.message });
    return undefined;
  }
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 64));
}
