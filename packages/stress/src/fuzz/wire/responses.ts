/** A response of HTTP/1.1 as it stood on the wire; header names are in lower case. */
export interface TestResponse {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** What was received on one connection. */
export interface Responses {
  readonly responses: readonly TestResponse[];
  /** The last response is incomplete: allowed only where the client closed first. */
  readonly partial: boolean;
  /** What no client could parse, as text. */
  readonly problem?: string;
}

const statusLine = /^HTTP\/1\.1 ([1-5]\d\d) [ -~]*$/;
const headerLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ([\t -~\u0080-\u00ff]*)$/;
/** Duplicates of these give a response two readings. */
const single = ['content-length', 'transfer-encoding', 'content-type', 'location'];

/** Reads all responses as strictly as RFC 9112 allows. `head`: the request was a HEAD. */
export function readResponses(received: Buffer, { head = false, ended = false } = {}): Responses {
  const responses: TestResponse[] = [];
  let rest = received;
  while (rest.length > 0) {
    const end = rest.indexOf('\r\n\r\n');
    if (end === -1) {
      const isStart = 'HTTP/1.1 '.startsWith(rest.subarray(0, 9).toString('latin1'));
      return isStart ? { responses, partial: true } : broken(responses, 'bytes that are no response', rest);
    }
    const parsed = readHead(rest.subarray(0, end).toString('latin1'));
    if (typeof parsed === 'string') return broken(responses, parsed, rest);
    const body = readBody(parsed, rest.subarray(end + 4), head, ended);
    if (body === undefined) return { responses, partial: true };
    if (typeof body === 'string') return broken(responses, body, rest);
    responses.push({ ...parsed, body: body.content });
    rest = body.rest;
  }
  return { responses, partial: false };
}

function broken(responses: readonly TestResponse[], what: string, bytes: Buffer): Responses {
  const start = JSON.stringify(bytes.subarray(0, 200).toString('latin1'));
  return { responses, partial: false, problem: `${what}: ${start}` };
}

type Head = Pick<TestResponse, 'status' | 'headers'>;

function readHead(text: string): Head | string {
  const [first = '', ...lines] = text.split('\r\n');
  const status = statusLine.exec(first)?.[1];
  if (status === undefined) return 'a malformed status line';
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = headerLine.exec(line) ?? [];
    if (name === undefined || value === undefined) return 'a malformed header';
    const key = name.toLowerCase();
    if (headers.has(key) && single.includes(key)) return `a second ${key}`;
    headers.set(key, value);
  }
  return { status: Number(status), headers };
}

type Body = { readonly content: Buffer; readonly rest: Buffer };

/** `undefined` when it is not all there yet. */
function readBody({ status, headers }: Head, bytes: Buffer, head: boolean, ended: boolean): Body | string | undefined {
  const length = headers.get('content-length');
  // A server that rejects malformed bytes cannot know that they were meant to be a HEAD, and closes the connection.
  const isLast = headers.get('connection') === 'close' && bytes.length === Number(length);
  if ((head && !isLast) || status < 200 || status === 204 || status === 304) {
    return { content: Buffer.alloc(0), rest: bytes };
  }
  const coding = headers.get('transfer-encoding');
  if (coding !== undefined) {
    if (length !== undefined || coding !== 'chunked') return 'two framings';
    return readChunks(bytes);
  }
  if (length === undefined) return ended ? { content: bytes, rest: Buffer.alloc(0) } : undefined;
  if (!/^\d{1,15}$/.test(length)) return 'a malformed Content-Length';
  const size = Number(length);
  return bytes.length < size ? undefined : { content: bytes.subarray(0, size), rest: bytes.subarray(size) };
}

function readChunks(bytes: Buffer): Body | string | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = bytes.indexOf('\r\n', at);
    if (line === -1) return undefined;
    const digits = bytes.subarray(at, line).toString('latin1');
    if (!/^[0-9a-f]{1,8}$/i.test(digits)) return 'a malformed chunk';
    const start = line + 2;
    if (Number.parseInt(digits, 16) === 0) return readTrailers(bytes, start, Buffer.concat(parts));
    const end = start + Number.parseInt(digits, 16);
    if (bytes.length < end + 2) return undefined;
    if (bytes.subarray(end, end + 2).toString('latin1') !== '\r\n') return 'a chunk without an end';
    parts.push(bytes.subarray(start, end));
    at = end + 2;
  }
}

/** The lines after the last chunk, which end with an empty one. */
function readTrailers(bytes: Buffer, start: number, content: Buffer): Body | string | undefined {
  for (let at = start; ; ) {
    const end = bytes.indexOf('\r\n', at);
    if (end === -1) return undefined;
    if (end === at) return { content, rest: bytes.subarray(end + 2) };
    if (!headerLine.test(bytes.subarray(at, end).toString('latin1'))) return 'a malformed trailer';
    at = end + 2;
  }
}
