import { maxPageSize, parsePageSize, RegistryError } from '@mcr/core';
import type { Page } from '@mcr/db';
import type { Binding } from '@mcr/rpc';
import { invalidRequest } from './invalid-request.ts';

const usualPageSize = 100;
/** Longer than any name, tag, digest or id that a page can end with. */
const maxCursorLength = 512;
/** Such a cursor in base64. */
const maxTokenLength = 700;

/** A page as it was asked for. */
export interface AskedPage extends Page {
  /** The name of the parameter that says where it begins; for errors. */
  readonly parameter: string;
}

/** What every list request holds. */
export interface PageRequest {
  readonly pageSize?: number;
  readonly pageToken?: string;
}

/**
 * The page that a message asks for: a size of 0 is the usual number of items, too many are cut. Throws `PARAMETER_INVALID` for a
 * negative size and for a token that cannot be one.
 */
export function pageOf({ pageSize = 0, pageToken = '' }: PageRequest): AskedPage {
  if (pageSize < 0) throw new RegistryError('PARAMETER_INVALID', 'page_size: must be 0 or more');
  const limit = pageSize === 0 ? usualPageSize : Math.min(pageSize, maxPageSize);
  const page = { limit, parameter: 'page_token' };
  return pageToken === '' ? page : { ...page, after: cursorOf(pageToken) };
}

/** The page that a query asks for, by `n` and the parameter of the cursor. Throws `PARAMETER_INVALID`. */
export function queryPage(
  query: ReadonlyMap<string, string>,
  { cursor, size }: NonNullable<Binding['page']>,
): AskedPage {
  const n = query.get('n');
  const limit = parsePageSize(n === undefined ? [] : [n]) ?? size;
  const after = query.get(cursor);
  if (after === undefined) return { limit, parameter: cursor };
  if (after.length > maxCursorLength) {
    throw invalidRequest([{ field: cursor, problem: `must have at most ${maxCursorLength} characters` }]);
  }
  return { limit, after, parameter: cursor };
}

/** The token that leads on from the last item of a page; empty where nothing follows. */
export function nextPageToken(more: boolean, last: string | number | undefined): string {
  return more && last !== undefined ? encode(String(last)) : '';
}

/** The cursor in a token. Throws `PARAMETER_INVALID`. */
export function cursorOf(token: string): string {
  const cursor = token.length <= maxTokenLength ? Buffer.from(token, 'base64url').toString() : '';
  if (cursor === '' || encode(cursor) !== token || /\p{Cc}/u.test(cursor)) {
    throw unreadableCursor('page_token');
  }
  return cursor;
}

/** Where a page of a list begins whose items are found by a number. Throws `PARAMETER_INVALID`. */
export function numericCursor({ after, parameter }: AskedPage): number | undefined {
  if (after === undefined) return undefined;
  if (!/^[0-9]{1,15}$/.test(after)) throw unreadableCursor(parameter);
  return Number(after);
}

/** The error for a cursor, of the parameter of this name, that no page of the list begins with. */
export function unreadableCursor(parameter: string): RegistryError {
  return invalidRequest([{ field: parameter, problem: 'not a token of this list; omit it to start over' }]);
}

function encode(cursor: string): string {
  return Buffer.from(cursor).toString('base64url');
}
