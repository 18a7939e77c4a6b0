/** Formats sizes and times for users. */

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Bytes with three digits: `86.1 MiB`. */
export function formatSize(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  const value = bytes / 1024 ** power;
  const digits = power === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[power]}`;
}

const minute = 60_000;
const spans = [
  ['day', 24 * 60 * minute],
  ['hour', 60 * minute],
  ['minute', minute],
] as const;

/** The distance of a time from `now`, both in milliseconds since the epoch: `2 hours ago`, `in 3 days`. */
export function formatAgo(time: number, now: number): string {
  const distance = Math.abs(now - time);
  const [name, length] = spans.find(([, least]) => distance >= least) ?? [];
  if (name === undefined || length === undefined) return 'just now';
  const span = formatCount(Math.floor(distance / length), name);
  return time <= now ? `${span} ago` : `in ${span}`;
}

/** A time in RFC 3339 to the second, in UTC: `2026-11-23 20:00:00Z`. */
export function formatInstant(time: string): string {
  return time.replace('T', ' ').replace(/\.\d+(?=Z$)/, '');
}

/** Milliseconds as `4 s` or `2 min 5 s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A count with its noun: `1 tag`, `2 tags`, `2 indexes`. */
export function formatCount(count: number, thing: string, things = `${thing}s`): string {
  return `${count} ${count === 1 ? thing : things}`;
}

/** A digest, as short as people compare it. */
export function shortDigest(digest: string): string {
  return digest.replace(/^[^:]*:/, '').slice(0, 12);
}

/** JSON on one line, without control characters: JSON.stringify only escapes those below a space. */
export function toJson(value: unknown): string {
  const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  // Keys are always present.
  return JSON.stringify(value, (_key, it: unknown) => it ?? null).replaceAll(unprintable, escape);
}

/** Control characters, and those that change the direction of text. */
export const unprintable = /[\p{Cc}\p{Bidi_Control}]/gu;

/** Removes control characters: names and messages come from other people. */
export function printable(text: string): string {
  return text.replaceAll(unprintable, '\uFFFD');
}
