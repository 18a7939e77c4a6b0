import { usageError } from './errors.ts';

/** Option of every list. */
export const limitOption = {
  limit: { type: 'string', requiresArg: true, alias: 'L', describe: 'At most this many; all unless given' },
} as const;

/** Reads a number of items; `option` is what to blame. Throws a usage error. */
export function parseCount(text: string, option: string): number;
export function parseCount(text: string | undefined, option: string): number | undefined;
export function parseCount(text: string | undefined, option: string): number | undefined {
  if (text === undefined || /^[1-9]\d{0,8}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw usageError(`${option} cannot be "${text}"`, 'write a whole number, 1 or more');
}
