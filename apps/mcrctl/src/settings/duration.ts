import { usageError } from '../cli/errors.ts';

const timerUnits = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const pattern = /^(\d{1,9})(ms|s|m|h)$/;
/** Node's timers overflow above this and fire immediately. */
const maxTimerMilliseconds = 2 ** 31 - 1;

/** Parses the value of `--timeout` to milliseconds. Throws a usage error. */
export function parseTimeout(text: string): number {
  const [, count, unit] = pattern.exec(text) ?? [];
  const milliseconds = Number(count) * timerUnits[unit as keyof typeof timerUnits];
  if (milliseconds > 0 && milliseconds <= maxTimerMilliseconds) return milliseconds;
  throw usageError(
    `invalid value "${text}" for --timeout`,
    'use a number and a unit, from 1ms to 24 days, such as 30s or 5m',
  );
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Seconds of a duration, such as `90d`. Throws a usage error that names the option. */
export function parseSeconds(text: string, option: string): number {
  const [, count, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (units[unit] ?? Number.NaN);
  if (Number.isFinite(seconds)) return seconds;
  throw usageError(`invalid value "${text}" for ${option}`, 'use a number and a unit, s, m, h or d, such as 90d');
}
