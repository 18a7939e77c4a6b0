/**
 * Where the next page begins: the parameter `cursor` of the link to it (RFC 8288), empty at the end. A link that leads to
 * another server counts as none.
 */
export function nextToken(link: string | undefined, server: string, cursor: string): string {
  const [, target] = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? '') ?? [];
  const url = target === undefined ? null : URL.parse(target, server);
  return url?.origin === server ? (url.searchParams.get(cursor) ?? '') : '';
}
