import { isIP } from 'node:net';

/** The origin of an http or https URL that has no other parts; otherwise undefined. */
export function parseOrigin(text: string): string | undefined {
  const url = parseUrl(text);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.pathname !== '/') return undefined;
  return url.origin;
}

/** An https URL without its trailing slash; undefined if it has a query, a fragment or a user. */
export function parseBaseUrl(text: string): string | undefined {
  const url = parseUrl(text);
  if (url?.protocol !== 'https:') return undefined;
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** Whether the text is an IP address, or a CIDR range other than all addresses. */
export function isProxyRange(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || address.includes('%') || rest.length > 0) return false;
  if (prefix === undefined) return true;
  return /^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
}

/** Checks the text for `?` and `#`, because a parsed URL does not distinguish an empty query from none. */
function parseUrl(text: string): URL | undefined {
  if (/[?#\\\s]/.test(text) || !/^https?:\/\/[^/]/i.test(text)) return undefined;
  const url = URL.parse(text);
  return url && !url.username && !url.password && !text.includes('@') ? url : undefined;
}
