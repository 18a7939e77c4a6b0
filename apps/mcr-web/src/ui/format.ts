import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';
import { html } from 'hono/html';
import type { Fragment } from './page.ts';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;
const step = 1024;
const significant = 3;
const whole = new Intl.NumberFormat('en-US');

/** A formatted number of bytes, with three significant digits, such as `1.23 GiB`. */
export function bytesText(bytes: number | bigint): string {
  let value = Number(bytes);
  let unit = 0;
  // Rounding 1023.6 would result in four digits.
  for (; value >= step - 0.5 && unit < units.length - 1; unit += 1) value /= step;
  const digits = unit === 0 ? String(value) : Number(value.toPrecision(significant)).toString();
  return `${digits} ${units[unit]}`;
}

/** A formatted number of bytes, with the exact one in its title. */
export function size(bytes: number | bigint): Fragment {
  return html`<span class="nowrap" title="${count(bytes)} bytes">${bytesText(bytes)}</span>`;
}

/** A count with separators. */
export function count(n: number | bigint): string {
  // The page of a chart has hundreds that need none, and Intl takes ten times as long for each.
  return n >= 0 && n < 1_000 ? String(n) : whole.format(n);
}

/** A count with its noun: `1 tag`, `2,000 tags`. */
export function counted(n: number | bigint, noun: string, plural = `${noun}s`): string {
  return `${count(n)} ${Number(n) === 1 ? noun : plural}`;
}

const ages = [
  ['second', 60],
  ['minute', 60],
  ['hour', 24],
  ['day', 30],
  ['month', 12],
  ['year', Number.POSITIVE_INFINITY],
] as const;

/** A formatted age, such as `5 minutes ago`. */
export function ageText(at: Date, now: number): string {
  const seconds = Math.max(0, Math.floor((now - at.getTime()) / 1000));
  return seconds < 10 ? 'just now' : `${spanText(seconds, Math.floor)} ago`;
}

/** A time span in its largest unit, such as `5 minutes`. */
function spanText(seconds: number, round: (value: number) => number): string {
  let value = seconds;
  for (const [unit, limit] of ages) {
    if (value < limit) return `${value} ${unit}${value === 1 ? '' : 's'}`;
    value = round(value / limit);
  }
  return '';
}

/** How far away a time is that is yet to come, such as `in 5 days`, with the exact one in its title; of a past one, its age. */
export function until(time: Timestamp, now: number): Fragment {
  const at = timestampDate(time);
  const seconds = Math.ceil((at.getTime() - now) / 1000);
  const text = seconds > 0 ? `in ${spanText(seconds, Math.round)}` : ageText(at, now);
  return html`<time class="nowrap" datetime="${at.toISOString()}" title="${exactTime(at)}">${text}</time>`;
}

/** A time as an age, with the exact one in its title; `never` if there is none. */
export function age(time: Timestamp | undefined, now: number): Fragment {
  if (time === undefined) return html`<span class="muted">never</span>`;
  const at = timestampDate(time);
  return html`<time class="nowrap" datetime="${at.toISOString()}" title="${exactTime(at)}">${ageText(at, now)}</time>`;
}

/** A time to the second, in UTC. */
export function moment(time: Timestamp): Fragment {
  const at = timestampDate(time);
  return html`<time class="nowrap" datetime="${at.toISOString()}" title="${exactTime(at)}">${exactTime(at)}</time>`;
}

/** A time to the second, in UTC, such as `2026-01-31 12:00:00 UTC`. */
export function exactTime(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
