import { createHash } from 'node:crypto';
import { extname } from 'node:path';

const hashLength = 12;

/** Path under which a static file is served: it changes with the content, so that browsers can cache it forever. */
export function staticPath(name: string, content: Uint8Array): string {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, hashLength);
  const extension = extname(name);
  return `/static/${name.slice(0, -extension.length)}.${hash}${extension}`;
}
