/** A request before it is bytes; nothing in it need be valid. */
export interface Request {
  readonly method: string;
  readonly path: string;
  /** Pairs as they go out, already encoded or not meant to be. */
  readonly query: readonly string[];
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** The target as it stands in a request line. */
export function targetOf({ path, query }: Request): string {
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}

/** The request line and headers, as bytes; strings are Latin-1. */
export function headOf(request: Request, version = 'HTTP/1.1'): Buffer {
  const lines = request.headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${request.method} ${targetOf(request)} ${version}\r\n${lines.join('')}\r\n`, 'latin1');
}

/** The request with a Content-Length, if it has a body or could have one. */
export function withLength(request: Request): Request {
  if (request.body.length === 0 && !['POST', 'PUT', 'PATCH'].includes(request.method)) return request;
  return { ...request, headers: [...request.headers, ['Content-Length', String(request.body.length)]] };
}

/** All of the request as bytes. */
export function bytesOf(request: Request): Buffer {
  const whole = withLength(request);
  return Buffer.concat([headOf(whole), whole.body]);
}
