import { type Timestamp, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { RegistryError } from '@mcr/core';

/** Protobuf counts bytes and ids in 64 bits, which are bigints here, and time in seconds and nanoseconds. */

/** A byte count or an id as a 64-bit field; all of ours are safe integers. */
export function int64(value: number): bigint {
  return BigInt(value);
}

/** A time as a message, absent if it is. */
export function timestamp(ms: number): Timestamp;
export function timestamp(ms: number | undefined): Timestamp | undefined;
export function timestamp(ms: number | undefined): Timestamp | undefined {
  return ms === undefined ? undefined : timestampFromMs(ms);
}

/**
 * Milliseconds of a bound in time, rounded up: nothing happens between two milliseconds, so "at this time or later" and
 * "before this time" keep their meaning.
 */
export function milliseconds({ seconds, nanos }: Timestamp): number {
  return Number(seconds) * 1_000 + Math.ceil(nanos / 1_000_000);
}

/** The id of a stored rule. Throws `PARAMETER_INVALID` for what can be none. */
export function ruleId(id: bigint): number {
  if (id > 0n && id <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(id);
  throw new RegistryError('PARAMETER_INVALID', 'id: must be a positive integer');
}

/** A text that proto3 cannot tell from an absent one. */
export function nonEmpty(text: string): string | undefined {
  return text === '' ? undefined : text;
}
