import { type DescField, type DescMessage, type Message, type MessageInitShape, ScalarType } from '@bufbuild/protobuf';
import { type Timestamp, timestampFromMs } from '@bufbuild/protobuf/wkt';

/**
 * What an operation returns for a message: the same fields with numbers for 64-bit integers (all of ours are safe) and
 * milliseconds since the epoch for times. A record of the store that names its facts as the proto does is one as it is.
 */
export type Plain<T> = T extends bigint
  ? number
  : T extends Timestamp
    ? number
    : T extends Uint8Array
      ? Uint8Array
      : T extends readonly (infer Item)[]
        ? readonly Plain<Item>[]
        : T extends Message
          ? PlainFields<Omit<T, '$typeName' | '$unknown'>>
          : T extends object
            ? { readonly [Key in keyof T]: Plain<T[Key]> }
            : T;

/** An absent field may also be there as `undefined`. */
type PlainFields<T> = {
  readonly [Name in keyof T]: object extends Pick<T, Name> ? Plain<T[Name]> | undefined : Plain<T[Name]>;
};

/** The message of what an operation returned. What the proto does not name stays behind. */
export function toMessage<Desc extends DescMessage>(schema: Desc, plain: object): MessageInitShape<Desc> {
  const message: Record<string, unknown> = {};
  for (const field of schema.fields) {
    const value = (plain as Readonly<Record<string, unknown>>)[field.localName];
    if (value !== undefined) message[field.localName] = fieldValue(field, value);
  }
  return message as MessageInitShape<Desc>;
}

function fieldValue(field: DescField, value: unknown): unknown {
  if (field.fieldKind === 'list') return (value as readonly unknown[]).map((item) => itemValue(field, item));
  return field.fieldKind === 'map' ? { ...(value as object) } : itemValue(field, value);
}

function itemValue({ scalar, message }: DescField, value: unknown): unknown {
  if (scalar === ScalarType.INT64) return BigInt(value as number);
  if (message === undefined) return value;
  if (message.typeName === 'google.protobuf.Timestamp') return timestampFromMs(value as number);
  return toMessage(message, value as object);
}

/**
 * Milliseconds of a bound in time, rounded up: nothing happens between two milliseconds, so "at this time or later" and
 * "before this time" keep their meaning.
 */
export function milliseconds({ seconds, nanos }: Timestamp): number {
  return Number(seconds) * 1_000 + Math.ceil(nanos / 1_000_000);
}
