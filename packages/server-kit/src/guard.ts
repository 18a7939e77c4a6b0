import type { IncomingMessage } from 'node:http';

/** Why a request is rejected before routing. Only attackers and broken clients send such requests. */
export interface RejectedRequest {
  readonly status: 400 | 405 | 414 | 417 | 431;
  readonly message: string;
  /** The value of `Allow`, which RFC 9110 section 15.5.6 requires with a 405. */
  readonly allow?: string;
}

const allMethods: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** Longer than any client needs; below Node's limit for all headers. */
const maxTargetLength = 8_192;
/**
 * A repository name of 255 characters has at most 128 segments, and a path five others. Routing thousands of them is
 * slow.
 */
const maxSegments = 136;
/** Browsers send about 20 headers, container clients about 8. */
const maxHeaders = 100;
const single: readonly string[] = ['host', 'authorization', 'content-range', 'content-type', 'range'];

/** The part of a request that is checked; HTTP/2 has `:authority` instead of Host. */
type Target = Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'rawHeaders'>;

/** What a listener accepts. */
export interface GuardOptions {
  /** Prefix of the paths in which `%2F` is part of a name, if there is one. */
  readonly encodedSlashes?: string;
  /** Default: the methods of all APIs. */
  readonly methods?: readonly string[];
}

/** Accepts HTTP/1.1 and 1.0; Node's parser also accepts 0.9, and 2.0 in a request line. */
export function rejectVersion({ httpVersion }: Pick<IncomingMessage, 'httpVersion'>): RejectedRequest | undefined {
  if (httpVersion === '1.1' || httpVersion === '1.0') return undefined;
  return { status: 400, message: 'The request must be HTTP/1.1' };
}

/**
 * Rejects a request that could be read in more than one way: it must have one Host, an origin-form target, and a
 * canonical path. Authorization is decided on the path that routing sees, so no other spelling of a path may reach it.
 */
export function rejectAmbiguous(
  incoming: Target,
  { encodedSlashes, methods = allMethods }: GuardOptions = {},
): RejectedRequest | undefined {
  const { method = '', url = '', headers, rawHeaders } = incoming;
  if (!methods.includes(method)) {
    return { status: 405, message: `The method ${method} is not supported`, allow: methods.join(', ') };
  }
  if (rawHeaders.length / 2 > maxHeaders) return { status: 431, message: 'The request has too many headers' };
  const repeated = single.find((name) => count(rawHeaders, name) > 1);
  if (repeated !== undefined) return { status: 400, message: `Duplicate header "${repeated}"` };
  if (!isHost(String(headers.host ?? headers[':authority'] ?? '')))
    return { status: 400, message: 'The Host header is missing or malformed' };
  if (headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue') {
    return { status: 417, message: 'The only supported expectation is 100-continue' };
  }
  if (url.length > maxTargetLength) return { status: 414, message: 'The request target is too long' };
  if (!url.startsWith('/')) return { status: 400, message: 'The request target must be a path' };
  const path = url.split('?', 1)[0]!;
  const problem = pathProblem(path, encodedSlashes !== undefined && path.startsWith(encodedSlashes));
  return problem === undefined ? undefined : { status: 400, message: problem };
}

/** Describes what makes a path ambiguous; `undefined` if it is not. */
export function pathProblem(path: string, allowEncodedSlash: boolean): string | undefined {
  // oxlint-disable-next-line no-control-regex -- it looks for control characters
  if (/[\\#\u0000-\u0020\u007f-\uffff]/.test(path)) return 'The path contains a character that must be percent-encoded';
  if (path.split('/', maxSegments + 2).length > maxSegments + 1) return 'The path has too many segments';
  if (path.includes('//')) return 'The path contains an empty segment';
  if (!isDecodable(path)) return 'The path contains an invalid percent-encoding';
  if (/%(?:[01][0-9a-f]|7f|5c|25)/i.test(path)) {
    return 'The path contains an encoded control character, backslash or percent sign';
  }
  if (!allowEncodedSlash && /%2f/i.test(path)) return 'The path contains an encoded slash';
  const dots = path.replaceAll(/%2e/gi, '.').split(/\/|%2f/i);
  if (dots.some((segment) => segment === '.' || segment === '..')) return 'The path contains a dot segment';
  return undefined;
}

/** Every percent sign begins two hexadecimal digits, and the decoded bytes are UTF-8. */
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

const grammar = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,252}[a-zA-Z0-9])?|\[[0-9a-fA-F:.]{2,45}\])(?::[0-9]{1,5})?$/;

/**
 * Whether `text` is a host, with or without a port, that can be part of a URL (RFC 9110 section 7.2). The grammar is
 * stricter than that of URLs but allows some texts that URLs do not: a port above 65535, or `1.2.3.4.5`.
 */
export function isHost(text: string): boolean {
  return grammar.test(text) && URL.canParse(`https://${text}`);
}
