/** Path and query of the next page (RFC 8288). A link that leads to another server counts as none. */
export function nextPath(link: string | undefined, server: string): string | undefined {
  const [, target] = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? '') ?? [];
  const url = target === undefined ? null : URL.parse(target, server);
  return url?.origin === server ? url.pathname + url.search : undefined;
}
