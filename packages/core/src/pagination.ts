import { RegistryError } from './errors.ts';

/** Maximum entries of a page: enough for clients that never follow `Link`, small enough to keep in memory. */
export const maxPageSize = 1000;

/** Longer than any tag, repository name or digest that a page can end with. */
const maxCursorLength = 512;

/**
 * Parses the values of a query's `n`: absent is `undefined`, more than {@link maxPageSize} is clamped to it, 0 stays 0.
 * Throws `PARAMETER_INVALID` for anything but one decimal number.
 */
export function parsePageSize(values: readonly string[]): number | undefined {
  const value = single('n', values);
  if (value === undefined) return undefined;
  if (/^[0-9]+$/.test(value)) return Math.min(Number(value), maxPageSize);
  throw invalidParameter('n', value, 'The query parameter n must be a decimal number, 0 or more');
}

/**
 * Parses the values of a query's `last`. Throws `PARAMETER_INVALID` if it is repeated, too long or contains control
 * characters.
 */
export function parseCursor(values: readonly string[]): string | undefined {
  const value = single('last', values);
  if (value === undefined || (value.length <= maxCursorLength && !/\p{Cc}/u.test(value))) return value;
  const message = `The query parameter last must be at most ${maxCursorLength} characters, and no control characters`;
  throw invalidParameter('last', value, message);
}

function single(name: string, values: readonly string[]): string | undefined {
  if (values.length <= 1) return values[0];
  throw invalidParameter(name, values.join(','), `Duplicate query parameter "${name}"`);
}

function invalidParameter(parameter: string, value: string, message: string): RegistryError {
  return new RegistryError('PARAMETER_INVALID', message, { detail: { parameter, value: value.slice(0, 100) } });
}

/**
 * The `Link` header of the next page (RFC 8288), relative to the host. `path` and `query` are not yet encoded;
 * parameters keep their order, and absent ones are omitted.
 */
export function nextLink(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const parameters = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${encodeParameter(name)}=${encodeParameter(String(value))}`);
  const search = parameters.length > 0 ? `?${parameters.join('&')}` : '';
  return `<${encodePath(path)}${search}>; rel="next"`;
}

function encodePath(path: string): string {
  return encodeURI(path.toWellFormed()).replaceAll('?', '%3F').replaceAll('#', '%23');
}

function encodeParameter(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
