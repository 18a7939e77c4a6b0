import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { RequestLine } from './request-line.ts';

/** How long a client may take to read the error response. */
const lingerMs = 5_000;

/** Body of an error response, and its headers beside those that HTTP requires. */
export interface ClientErrorForm {
  readonly headers: readonly string[];
  readonly body: (message: string) => string;
}

/**
 * Responds to bytes that Node's parser rejects, so that the client learns why, unless that would corrupt another
 * response.
 */
export function explainClientErrors(server: Server, line: RequestLine, form: ClientErrorForm): void {
  server.on('clientError', (error: ClientError, socket: Socket) => {
    if (line.isBusy(socket) || error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else respond(error, socket, form);
  });
}

function respond(error: ClientError, socket: Socket, { headers, body }: ClientErrorForm): void {
  const [status, message] = wireForm(error);
  const text = body(message);
  const head = [`HTTP/1.1 ${status}`, 'Connection: close', ...headers, `Content-Length: ${Buffer.byteLength(text)}`];
  socket.end([...head, '', text].join('\r\n'));
  // If the client is gone, Node would wait forever for the rest to be sent.
  const linger = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(linger));
}

/** An error of Node's parser; `rawPacket` is the last piece of the request that was received. */
type ClientError = NodeJS.ErrnoException & { readonly rawPacket?: Buffer };

function wireForm({ code = '', rawPacket }: ClientError): readonly [status: string, message: string] {
  // After a 400 containers/image retries with half as many ranges; after a 431 it gives up the pull.
  if (code === 'HPE_HEADER_OVERFLOW' && severalRanges.test(rawPacket?.toString('latin1') ?? '')) {
    return ['400 Bad Request', 'The Range header is too long; request fewer ranges at a time'];
  }
  return clientErrors[code] ?? ['400 Bad Request', 'The request is not valid HTTP'];
}

const severalRanges = /,\d+-/;

const clientErrors: Record<string, readonly [status: string, message: string]> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The request headers are too large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['413 Payload Too Large', 'The chunk extensions are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request headers were sent too slowly'],
};
