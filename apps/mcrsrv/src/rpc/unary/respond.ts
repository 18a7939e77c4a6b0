import type { Http2ServerResponse } from 'node:http2';
import type { ConnectError } from '@connectrpc/connect';
import { encodeEnvelope } from '@connectrpc/connect/protocol';
import { contentTypeProto, grpcStatusOk, setTrailerStatus } from '@connectrpc/connect/protocol-grpc';

const headers = { 'content-type': contentTypeProto };
const ok = { 'grpc-status': grpcStatusOk };

/** Sends a message and the status that ends the call well. */
export function respond(outgoing: Http2ServerResponse, message: Uint8Array): void {
  outgoing.writeHead(200, headers);
  outgoing.addTrailers(ok);
  outgoing.end(encodeEnvelope(0, message));
}

/** Sends the status of a call that failed. */
export function respondWithError(outgoing: Http2ServerResponse, error: ConnectError): void {
  outgoing.writeHead(200, headers);
  outgoing.addTrailers(Object.fromEntries(setTrailerStatus(new Headers(), error)));
  outgoing.end();
}
