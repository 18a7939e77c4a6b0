import type { Spread } from './summary.ts';

/** A figure with as many digits as mean something: `12,345`, `45.6`, `0.0812`. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

/** The median, with the range where there was more than one round: `12,345 (11,900–12,600)`. */
export function formatSpread({ median, min, max }: Spread): string {
  if (min === max || Number.isNaN(median)) return formatNumber(median);
  return `${formatNumber(median)} (${formatNumber(min)}–${formatNumber(max)})`;
}
