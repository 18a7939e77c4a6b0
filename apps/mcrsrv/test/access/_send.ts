import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, type Transport } from '@connectrpc/connect';
import type { OciClient } from '@mcr/testkit';
import type { Introduction } from './_callers.ts';
import type { HttpRequest, Request, RpcRequest } from './_rows.ts';

/** The ways into one registry. */
export interface Ways {
  readonly client: OciClient;
  readonly transport: Transport;
}

/** Makes the request and says how it ended: an `Outcome`, or what came instead of one. */
export async function outcomeOf(ways: Ways, request: Request, introduction: Introduction): Promise<string> {
  return 'input' in request
    ? await rpcOutcome(ways.transport, request, introduction)
    : await httpOutcome(ways.client, request, introduction);
}

async function httpOutcome(client: OciClient, request: HttpRequest, introduction: Introduction): Promise<string> {
  const { method, headers, body } = request;
  const response = await client.request(method, withQuery(request.path, introduction.query), {
    authorization: null,
    headers: { ...headers, ...introduction.headers },
    ...(body !== undefined && { body }),
  });
  if (response.status >= 200 && response.status < 300) return 'yes';
  const challenge = response.header('www-authenticate') ?? '';
  if (response.status === 401) return challenge.startsWith('Bearer ') ? '401' : '401 without a challenge';
  return response.status === 403 || response.status === 405
    ? String(response.status)
    : `${response.status} ${response.text()}`;
}

/** A path with more in its query. */
export function withQuery(path: string, query: string | undefined): string {
  if (query === undefined) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

async function rpcOutcome(transport: Transport, request: RpcRequest, { headers }: Introduction): Promise<string> {
  try {
    await call(transport, request, headers);
    return 'yes';
  } catch (error) {
    const { code, message } = ConnectError.from(error);
    if (code === Code.Unauthenticated) return '401';
    if (code === Code.Unimplemented) return '405';
    return code === Code.PermissionDenied ? '403' : message;
  }
}

/** Calls a method; of a stream, until its first message. */
export async function call(
  transport: Transport,
  { method, input }: RpcRequest,
  headers: Introduction['headers'],
): Promise<void> {
  const sent = new Headers(headers);
  const message = create(method.input, input);
  if (method.methodKind === 'unary') {
    await transport.unary(method, undefined, undefined, sent, message);
    return;
  }
  const messages = (async function* () {
    yield message;
  })();
  // A stream that stays open would count against the bound of its connection.
  const enough = new AbortController();
  try {
    const response = await transport.stream(method, enough.signal, undefined, sent, messages);
    for await (const _ of response.message) return;
  } finally {
    enough.abort();
  }
}
