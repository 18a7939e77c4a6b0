import { maxPageSize, RegistryError } from '@mcr/core';

const usualPageSize = 100;
/** Longer than the token of any name, tag, digest or id that a page can end with. */
const maxTokenLength = 700;

/** What every list request holds. */
export interface PageRequest {
  readonly pageSize: number;
  readonly pageToken: string;
}

/** How many items a page may have: 0 is the usual number, too many are cut. Throws `PARAMETER_INVALID`. */
export function pageLimit({ pageSize }: PageRequest): number {
  if (pageSize < 0) throw new RegistryError('PARAMETER_INVALID', 'page_size: must be 0 or more');
  return pageSize === 0 ? usualPageSize : Math.min(pageSize, maxPageSize);
}

/** The item after which the page begins; `undefined` on the first page. Throws `PARAMETER_INVALID`. */
export function pageCursor({ pageToken }: PageRequest): string | undefined {
  if (pageToken === '') return undefined;
  const cursor = pageToken.length <= maxTokenLength ? Buffer.from(pageToken, 'base64url').toString() : '';
  if (cursor === '' || encode(cursor) !== pageToken || /\p{Cc}/u.test(cursor)) throw unreadable();
  return cursor;
}

/** The page that a request asks for, of a list whose items are found by a text. Throws `PARAMETER_INVALID`. */
export function pageOf(request: PageRequest): { readonly limit: number; readonly after?: string } {
  const after = pageCursor(request);
  return { limit: pageLimit(request), ...(after !== undefined && { after }) };
}

/** As `pageCursor`, for lists whose items are found by a number. */
export function numericCursor(request: PageRequest): number | undefined {
  const cursor = pageCursor(request);
  if (cursor === undefined) return undefined;
  if (!/^[1-9][0-9]{0,14}$/.test(cursor)) throw unreadable();
  return Number(cursor);
}

/** The token that leads on from the last item of a page; empty where nothing follows. */
export function nextPageToken(more: boolean, last: string | number | undefined): string {
  return more && last !== undefined ? encode(String(last)) : '';
}

function encode(cursor: string): string {
  return Buffer.from(cursor).toString('base64url');
}

function unreadable(): RegistryError {
  return new RegistryError('PARAMETER_INVALID', 'page_token: is no token of this list; leave it out to start over');
}
