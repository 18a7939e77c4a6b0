import { type Timestamp, timestampMs } from '@bufbuild/protobuf/wkt';
import { CliError } from '../cli/errors.ts';

/** A time in RFC 3339, as the REST API writes it. */
export function isoTime(time: Timestamp): string;
export function isoTime(time: Timestamp | undefined): string | undefined;
export function isoTime(time: Timestamp | undefined): string | undefined {
  return time && new Date(timestampMs(time)).toISOString();
}

/** A message that an answer must hold, named `what`. Throws a CliError when a registry of another version left it out. */
export function needed<T>(message: T | undefined, what: string): T {
  if (message !== undefined) return message;
  throw new CliError(`the answer of the registry has no ${what}`, { hint: 'use the mcrctl of its release' });
}
