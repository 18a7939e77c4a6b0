import { type Timestamp, timestampMs } from '@bufbuild/protobuf/wkt';

/** A time in RFC 3339, as the REST API writes it. */
export function isoTime(time: Timestamp): string;
export function isoTime(time: Timestamp | undefined): string | undefined;
export function isoTime(time: Timestamp | undefined): string | undefined {
  return time && new Date(timestampMs(time)).toISOString();
}
