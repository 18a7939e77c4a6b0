import type { Field, Kind } from './field.ts';
import { formatAgo, formatInstant, formatSize, printable, shortDigest } from './format.ts';

type Render = (value: unknown, now: number) => string;

const asText: Render = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
const asList: Render = (value) => (value as readonly string[]).join(', ');
const yesOrNo: Render = (value) => (value === true ? 'yes' : 'no');
const ago: Render = (value, now) => formatAgo(Date.parse(String(value)), now);

/** In a table for users. */
const short: Readonly<Partial<Record<Kind, Render>>> = {
  size: (value) => formatSize(Number(value)),
  time: ago,
  instant: (value) => formatInstant(String(value)),
  digest: (value) => shortDigest(String(value)),
  list: asList,
  flag: yesOrNo,
};

/** On a line of its own for users. */
const whole: typeof short = {
  size: (value) => formatSize(Number(value)) + (Number(value) < 1024 ? '' : ` (${String(value)} bytes)`),
  time: (value, now) => `${String(value)} (${ago(value, now)})`,
  list: asList,
  flag: yesOrNo,
};

/** For programs: complete and without units. */
const plain: typeof short = {
  list: (value) => (value as readonly string[]).join(','),
};

const styles = { short, whole, plain };

/** How to format a value. */
export type Style = keyof typeof styles;

/**
 * Formats a field of an item as text on one line, without control characters. `now` is in milliseconds since the epoch.
 */
export function renderField<T extends object>(field: Field<T>, item: T, style: Style, now: number): string {
  const value: unknown = item[field.name];
  const isEmpty = value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
  if (isEmpty) return style === 'plain' ? '' : (field.none ?? '-');
  return printable((styles[style][field.kind ?? 'text'] ?? asText)(value, now));
}

/** Formats a field of an item as a cell of a list. */
export function renderColumn<T extends object>(field: Field<T>, item: T, style: Style, now: number): string {
  const text = style === 'short' ? (field.brief ?? field.text) : field.text;
  return text === undefined ? renderField(field, item, style, now) : printable(text(item)) || (field.none ?? '-');
}
