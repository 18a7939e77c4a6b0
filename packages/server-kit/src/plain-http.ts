import type { Socket } from 'node:net';
import type { Server, TLSSocket } from 'node:tls';

/** The sentence of Go's servers, which clients and users recognize. */
const body = 'Client sent an HTTP request to an HTTPS server.\n';
const response = [
  'HTTP/1.1 400 Bad Request',
  'Connection: close',
  'Content-Type: text/plain; charset=utf-8',
  `Content-Length: ${body.length}`,
  '',
  body,
].join('\r\n');

/**
 * Responds with 400 to plain HTTP on a TLS port, where Node closes the connection silently. TLS clients are not slowed
 * down: OpenSSL tells a GET, HEAD, POST or PUT from a handshake by its first bytes. Nothing is buffered: Node closes
 * the connection right after this event, whether or not the client has read the response.
 */
export function explainPlainHttp(server: Server): void {
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
    if (error.code !== 'ERR_SSL_HTTP_REQUEST') return;
    const raw = belowTls(socket);
    if (raw?.writable !== true) return;
    raw.on('error', () => {});
    raw.end(response);
  });
}

/** The TCP socket below a TLS socket, for which Node has no public name; without it the client only sees the close. */
function belowTls(socket: TLSSocket): Socket | undefined {
  return (socket as { readonly _parent?: Socket })._parent;
}
