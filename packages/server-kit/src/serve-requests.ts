import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { drainBody } from './body.ts';
import type { TrustedProxies } from './client-address.ts';
import { explainClientErrors } from './client-errors.ts';
import { type GuardOptions, type Refusal, refuseAmbiguous, refuseVersion } from './guard.ts';
import type { OnReject } from './rejections.ts';
import { RequestLine } from './request-line.ts';
import { openRecord, type RequestRecord } from './request-record.ts';
import { survive } from './survive.ts';

/** How a client is told that its request was rejected before routing. */
export interface RejectionForm {
  readonly type: string;
  /** Headers of a response to what could not be parsed, beside those that HTTP needs. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `url` is absent where none could be read. */
  readonly body: (message: string, url?: string) => string;
}

/** What serves the requests, and what is told of them. */
export interface ServeOptions {
  readonly proxies: TrustedProxies;
  /** Told of connections that are closed for what their client sends. */
  readonly onReject: OnReject;
  readonly guard: GuardOptions;
  readonly form: RejectionForm;
  /** Called first for each request, such as for headers that every response has. */
  readonly onBegin?: (incoming: IncomingMessage, outgoing: ServerResponse) => void;
  readonly handle: (incoming: IncomingMessage, outgoing: ServerResponse) => void;
  /** Called once for each request, when it has ended in whatever way. */
  readonly onEnd?: (incoming: IncomingMessage, outgoing: ServerResponse, record: RequestRecord) => void;
}

/**
 * Has the requests of a server handled, those of a connection one after the other, each with a record and an id, and only
 * those that have one meaning. A client that sends anything else is told why.
 */
export function serveRequests(server: Server, options: ServeOptions): void {
  const { proxies, guard, form, onBegin, handle, onEnd } = options;
  const line = new RequestLine(options.onReject);
  const begin = (incoming: IncomingMessage, outgoing: ServerResponse, awaitsContinue: boolean): void => {
    const record = openRecord(incoming, proxies.clientAddress(incoming), awaitsContinue);
    outgoing.setHeader('X-Request-Id', record.id);
    outgoing.once('close', () => onEnd?.(incoming, outgoing, record));
    onBegin?.(incoming, outgoing);
    const refusal = refuseVersion(incoming) ?? refuseAmbiguous(incoming, guard);
    if (refusal === undefined) handle(incoming, outgoing);
    else void reject(incoming, outgoing, refusal, form);
  };
  const onRequest = (awaitsContinue: boolean) => (incoming: IncomingMessage, outgoing: ServerResponse) => {
    survive(incoming, outgoing);
    line.enter(incoming, outgoing, () => begin(incoming, outgoing, awaitsContinue));
  };
  server.on('request', onRequest(false));
  server.on('checkContinue', onRequest(true));
  server.on('checkExpectation', onRequest(false));
  const headers = { ...form.headers, 'Content-Type': form.type };
  explainClientErrors(server, line, {
    headers: Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    body: (message) => form.body(message),
  });
}

async function reject(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, message, allow }: Refusal,
  form: RejectionForm,
): Promise<void> {
  await drainBody({ incoming, outgoing });
  const body = form.body(message, incoming.url);
  outgoing.writeHead(status, {
    'Content-Type': form.type,
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
    ...(allow !== undefined && { Allow: allow }),
  });
  outgoing.end(incoming.method === 'HEAD' ? undefined : body);
}
