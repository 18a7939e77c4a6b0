import type { EventEmitter } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { drainBody } from './body.ts';
import type { TrustedProxies } from './client-address.ts';
import { explainClientErrors } from './client-errors.ts';
import { type GuardOptions, type RejectedRequest, rejectAmbiguous, rejectVersion } from './guard.ts';
import type { OnReject } from './rejections.ts';
import { RequestLine } from './request-line.ts';
import { openRecord, type RequestRecord } from './request-record.ts';

/** How requests that are rejected before routing are reported to the client. */
export interface RejectionForm {
  readonly type: string;
  /** Headers of the response to a request that could not be parsed, beside those that HTTP requires. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `url` is absent if none could be read. */
  readonly body: (message: string, url?: string) => string;
}

/** What handles the requests, and what is notified of them. */
export interface ServeOptions {
  readonly proxies: TrustedProxies;
  /** Called for connections that are closed because of what their client sends. */
  readonly onReject: OnReject;
  readonly guard: GuardOptions;
  readonly form: RejectionForm;
  /** Responds to a request past everything else here, and observes its end; or says, at once or later, that it left it as it was. */
  readonly respondQuickly?: (incoming: IncomingMessage, outgoing: ServerResponse) => false | Promise<boolean>;
  /** Called first for each other request, for example to set headers that every response has. */
  readonly onBegin?: (incoming: IncomingMessage, outgoing: ServerResponse) => void;
  readonly handle: (incoming: IncomingMessage, outgoing: ServerResponse) => void;
  /** Called once for each request, however it ended. */
  readonly onEnd?: (incoming: IncomingMessage, outgoing: ServerResponse, record: RequestRecord) => void;
}

/**
 * Handles the requests of a server, those of one connection one at a time, each with a record and an id. Ambiguous
 * requests are rejected with an explanation.
 */
export function serveRequests(server: Server, options: ServeOptions): void {
  const { proxies, guard, form, respondQuickly, onBegin, handle, onEnd } = options;
  const line = new RequestLine(options.onReject);
  const begin = async (incoming: IncomingMessage, outgoing: ServerResponse, awaitsContinue: boolean): Promise<void> => {
    const startedAt = performance.now();
    const quick = !awaitsContinue && respondQuickly?.(incoming, outgoing);
    if (quick instanceof Promise && (await quick)) return;
    const record = openRecord(incoming, { ip: proxies.clientAddress(incoming), awaitsContinue, startedAt });
    // The client may have left while it was found out whether a quick response is possible.
    if (outgoing.closed) {
      onEnd?.(incoming, outgoing, record);
      return;
    }
    outgoing.setHeader('X-Request-Id', record.id);
    outgoing.once('close', () => onEnd?.(incoming, outgoing, record));
    onBegin?.(incoming, outgoing);
    const rejected = rejectVersion(incoming) ?? rejectAmbiguous(incoming, guard);
    if (rejected === undefined) handle(incoming, outgoing);
    else void reject(incoming, outgoing, rejected, form);
  };
  const onRequest = (awaitsContinue: boolean) => (incoming: IncomingMessage, outgoing: ServerResponse) => {
    ignoreSocketErrors(incoming, outgoing);
    line.enter(incoming, outgoing, () => void begin(incoming, outgoing, awaitsContinue));
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
  { status, message, allow }: RejectedRequest,
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

/**
 * Keeps the process alive if a client breaks the connection: an `error` event of a request or response without a
 * listener would end it, and nothing listens while the body of a rejected request is unread. Readers of the body still
 * see the error.
 */
export function ignoreSocketErrors(incoming: EventEmitter, outgoing: EventEmitter): void {
  incoming.on('error', ignore);
  outgoing.on('error', ignore);
}

function ignore(): void {}
