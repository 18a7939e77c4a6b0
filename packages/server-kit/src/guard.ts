import type { IncomingMessage } from 'node:http';
import { isHost } from './host.ts';

/** A request that is refused before routing: nobody but an attacker or a broken client sends it. */
export interface Refusal {
  readonly status: 400 | 405 | 414 | 417 | 431;
  readonly message: string;
  /** The value of `Allow`, which RFC 9110 section 15.5.6 wants with a 405. */
  readonly allow?: string;
}

const allMethods: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** Longest target that any client needs, with room; below Node's limit for all headers. */
const maxTargetLength = 8_192;
/** A name of 255 characters has at most 128, below five others; routing takes longer with each, and much longer with thousands. */
const maxSegments = 136;
/** Browsers send about 20 headers, container clients about 8. */
const maxHeaders = 100;
const single: readonly string[] = ['host', 'authorization', 'content-range', 'content-type', 'range'];

/** The part of a request that is judged; HTTP/2 has `:authority` in place of Host. */
type Target = Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'rawHeaders'>;

/** What a listener lets through. */
export interface GuardOptions {
  /** The prefix below which `%2F` is part of a name, if there is one. */
  readonly encodedSlashes?: string;
  /** Those of all APIs unless told. */
  readonly methods?: readonly string[];
}

/** HTTP/1.1 and 1.0 pass; Node's parser also lets through 0.9 and, in the form of a line, 2.0. */
export function refuseVersion({ httpVersion }: Pick<IncomingMessage, 'httpVersion'>): Refusal | undefined {
  if (httpVersion === '1.1' || httpVersion === '1.0') return undefined;
  return { status: 400, message: 'The request must be HTTP/1.1' };
}

/**
 * Lets a request through only if it has one meaning: one Host, an origin-form target, and a path in canonical form.
 * Authorization is decided on the path that routing sees, so no other spelling of a path may reach routing.
 */
export function refuseAmbiguous(
  incoming: Target,
  { encodedSlashes, methods = allMethods }: GuardOptions = {},
): Refusal | undefined {
  const { method = '', url = '', headers, rawHeaders } = incoming;
  if (!methods.includes(method)) {
    return { status: 405, message: `The method ${method} is not supported`, allow: methods.join(', ') };
  }
  if (rawHeaders.length / 2 > maxHeaders) return { status: 431, message: 'The request has too many headers' };
  const repeated = single.find((name) => count(rawHeaders, name) > 1);
  if (repeated !== undefined) return { status: 400, message: `The header ${repeated} stands more than once` };
  if (!isHost(String(headers.host ?? headers[':authority'] ?? '')))
    return { status: 400, message: 'The Host header is missing or malformed' };
  if (headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue') {
    return { status: 417, message: 'The only expectation that can be met is 100-continue' };
  }
  if (url.length > maxTargetLength) return { status: 414, message: 'The request target is too long' };
  if (!url.startsWith('/')) return { status: 400, message: 'The request target must be a path' };
  const path = url.split('?', 1)[0]!;
  const problem = pathProblem(path, encodedSlashes !== undefined && path.startsWith(encodedSlashes));
  return problem === undefined ? undefined : { status: 400, message: problem };
}

/** What makes a path ambiguous, if anything. */
export function pathProblem(path: string, allowEncodedSlash: boolean): string | undefined {
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  if (/[\\#\u0000-\u0020\u007f-\uffff]/.test(path)) return 'The path holds a character that must be percent-encoded';
  if (path.split('/', maxSegments + 2).length > maxSegments + 1) return 'The path has too many segments';
  if (path.includes('//')) return 'The path holds an empty segment';
  if (!isDecodable(path)) return 'The path holds a broken percent-encoding';
  if (/%(?:[01][0-9a-f]|7f|5c|25)/i.test(path)) {
    return 'The path holds an encoded control character, backslash or percent sign';
  }
  if (!allowEncodedSlash && /%2f/i.test(path)) return 'The path holds an encoded slash';
  const dots = path.replaceAll(/%2e/gi, '.').split(/\/|%2f/i);
  if (dots.some((segment) => segment === '.' || segment === '..')) return 'The path holds a dot segment';
  return undefined;
}

/** Each percent sign begins a pair of digits, and the pairs are UTF-8. */
function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function count(rawHeaders: readonly string[], name: string): number {
  let found = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]!.length === name.length && rawHeaders[i]!.toLowerCase() === name) found += 1;
  }
  return found;
}
