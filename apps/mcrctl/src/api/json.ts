import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { StringList } from '@mcr/rpc/mcr/v1/common_pb';
import { CliError } from '../cli/errors.ts';

/**
 * A message as the API's JSON has it, which is what `--json` prints: snake_case, 64-bit integers as numbers, times in RFC 3339,
 * bytes in base64, and nothing for what is absent.
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

/** A name of a generated message as the proto spells it. */
type SnakeCase<Name> = Name extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${SnakeCase<Tail>}`
  : Name;

/** A request: any of its fields, of which those that are undefined are left out. */
export type Input<Desc extends DescMessage> = {
  readonly [Key in keyof Json<MessageShape<Desc>>]?: Json<MessageShape<Desc>>[Key] | undefined;
};

/** A response. */
export type Output<Desc extends DescMessage> = Json<MessageShape<Desc>>;

/** A message that a response must hold, named `what`. Throws a CliError when a registry of another version left it out. */
export function needed<T>(message: T | undefined, what: string): T {
  if (message !== undefined) return message;
  throw new CliError(`the answer of the registry has no ${what}`, { hint: 'use the mcrctl of its release' });
}
