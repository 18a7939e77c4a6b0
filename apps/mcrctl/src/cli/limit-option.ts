import { usageError } from './errors.ts';

/** The option of every list. */
export const limitOption = {
  limit: { type: 'string', requiresArg: true, alias: 'L', describe: 'Maximum number to show (default: all)' },
} as const;

/** Parses a number of items; `option` is the name for the error. Throws a usage error. */
export function parseCount(text: string, option: string): number;
export function parseCount(text: string | undefined, option: string): number | undefined;
export function parseCount(text: string | undefined, option: string): number | undefined {
  if (text === undefined || /^[1-9]\d{0,8}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw usageError(`invalid value "${text}" for ${option}`, 'use a whole number, 1 or more');
}
