import { usageError } from '../cli/errors.ts';

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const pattern = /^(\d{1,9})(ms|s|m|h)$/;
/** Node's timers overflow above this and fire immediately. */
const maxTimerMilliseconds = 2 ** 31 - 1;

/** Parses the value of `--timeout` to milliseconds. Throws a usage error. */
export function parseTimeout(text: string): number {
  const [, count, unit] = pattern.exec(text) ?? [];
  const milliseconds = Number(count) * units[unit as keyof typeof units];
  if (milliseconds > 0 && milliseconds <= maxTimerMilliseconds) return milliseconds;
  throw usageError(
    `invalid value "${text}" for --timeout`,
    'use a number and a unit, from 1ms to 24 days, such as 30s or 5m',
  );
}
