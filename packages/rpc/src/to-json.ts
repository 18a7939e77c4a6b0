import { type DescField, type DescMessage, type MessageShape, ScalarType } from '@bufbuild/protobuf';
import { base64Encode } from '@bufbuild/protobuf/wire';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { StringList } from './gen/mcr/v1/common_pb.ts';

/** A JSON object under construction. */
export type JsonObject = Record<string, unknown>;

const timestampType = 'google.protobuf.Timestamp';
const listType = 'mcr.v1.StringList';

/**
 * A message in the form of REST and `mcrctl --json`: snake_case in the order of the proto, 64-bit integers as numbers
 * (all of ours are safe), times in RFC 3339 with milliseconds, a StringList as an array, and absent fields omitted.
 */
export function toJson<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): JsonObject {
  const json: JsonObject = {};
  for (const field of schema.fields) {
    const value = (message as JsonObject)[field.localName];
    if (value !== undefined) json[field.name] = fieldJson(field, value);
  }
  return json;
}

function fieldJson(field: DescField, value: unknown): unknown {
  if (field.fieldKind === 'list') return (value as readonly unknown[]).map((item) => valueJson(field, item));
  if (field.fieldKind !== 'map') return valueJson(field, value);
  return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, valueJson(field, item)]));
}

function valueJson({ scalar, message }: DescField, value: unknown): unknown {
  if (message === undefined) return scalar === ScalarType.BYTES ? base64Encode(value as Uint8Array) : plain(value);
  if (message.typeName === timestampType) return timeText(value as Timestamp);
  if (message.typeName === listType) return (value as StringList).values;
  return toJson(message, value as MessageShape<DescMessage>);
}

function plain(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

/** A time in RFC 3339, UTC, with milliseconds. */
export function timeText({ seconds, nanos }: Timestamp): string {
  return new Date(Number(seconds) * 1_000 + Math.trunc(nanos / 1e6)).toISOString();
}
