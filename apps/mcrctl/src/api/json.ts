import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { StringList } from '@mcr/rpc/mcr/v1/common_pb';
import { CliError } from '../cli/errors.ts';

/**
 * A message in the API's JSON form, which `--json` prints: snake_case, 64-bit integers as numbers, times in RFC 3339,
 * bytes in base64, and absent fields omitted.
 */
export type Json<T> = T extends bigint
  ? number
  : T extends Timestamp | Uint8Array
    ? string
    : T extends StringList
      ? readonly string[]
      : T extends readonly (infer Item)[]
        ? readonly Json<Item>[]
        : T extends object
          ? { readonly [Key in keyof T as Key extends `$${string}` ? never : SnakeCase<Key>]: Json<T[Key]> }
          : T;

/** The name of a generated field as the proto spells it. */
type SnakeCase<Name> = Name extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${SnakeCase<Tail>}`
  : Name;

/** A request: any of its fields; undefined ones are omitted. */
export type Input<Desc extends DescMessage> = {
  readonly [Key in keyof Json<MessageShape<Desc>>]?: Json<MessageShape<Desc>>[Key] | undefined;
};

/** A response. */
export type Output<Desc extends DescMessage> = Json<MessageShape<Desc>>;

/**
 * Returns a message that a response must contain; `what` names it. Throws a CliError if a registry of another version
 * omitted it.
 */
export function needed<T>(message: T | undefined, what: string): T {
  if (message !== undefined) return message;
  throw new CliError(`the registry's response has no ${what}`, { hint: 'use the mcrctl of the same release' });
}
